import { Injectable } from '@nestjs/common';
import { WakeService } from '#queues';

/** Least time between two kicks, ms: one says "look", and the worker looks until nothing waits. */
const PAUSE_MS = 10;
/** Kicks that may wait, for workers that are down. What waits is known to the second only: fewer would hold kicks back from idle workers. */
const MAX_WAITING = 100;

/** Tells the workers that notifications wait. A hint: they look by themselves too. */
@Injectable()
export class KickIntakeService {
  private isPaused = false;
  private isWanted = false;

  constructor(private readonly wakeService: WakeService) {}

  /** Returns at once. Kicks that come while one is under way become one. */
  kick(): void {
    this.isWanted = true;
    if (!this.isPaused) void this.send();
  }

  private async send(): Promise<void> {
    this.isPaused = true;
    this.isWanted = false;
    await this.wakeService.wakeSoon([{ queue: 'intake', job: {} }], { unlessWaiting: MAX_WAITING });
    setTimeout(() => {
      this.isPaused = false;
      if (this.isWanted) void this.send();
    }, PAUSE_MS).unref();
  }
}
