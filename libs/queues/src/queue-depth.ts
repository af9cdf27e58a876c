import { Injectable } from '@nestjs/common';
import type { QueueName } from './job-catalog.js';
import { Queues } from './queues.js';
import { within } from './within.js';

const FRESH_MS = 1_000;

/** How many jobs wait in a queue, asked at most once a second. */
@Injectable()
export class QueueDepth {
  private readonly readings = new Map<QueueName, { at: number; count: Promise<number> }>();

  constructor(private readonly queues: Queues) {}

  /** Jobs that wait now; for who adds many of them between two readings. As `waiting` otherwise. */
  fresh(name: QueueName): Promise<number> {
    this.readings.delete(name);
    return this.waiting(name);
  }

  /** Jobs that wait, as of a second ago at most; Infinity when the queue cannot say within a second. Never rejects. */
  waiting(name: QueueName): Promise<number> {
    const last = this.readings.get(name);
    if (last !== undefined && performance.now() - last.at < FRESH_MS) return last.count;
    const count = within(FRESH_MS, this.queues.get(name).getWaitingCount()).catch(() => Infinity);
    this.readings.set(name, { at: performance.now(), count });
    return count;
  }
}
