/** Part of its interval at which a lane that is late catches up: a pause of the process must not end in a burst. */
const CATCH_UP = 0.985;
/** Timers are no finer than this, ms: lanes faster than that go several at a time. */
const TIMER_MS = 4;

interface Waiting {
  slotAt: number;
  intervalMs: number;
  pass: () => void;
}

/**
 * Lets the messages of each lane out one by one: none before its slot, and what is late no closer together than the lane's
 * rate. Times are ms of a monotonic clock.
 */
export class WriteGate {
  private readonly lanes = new Map<string, LaneGate>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Resolves when the message may be written. */
  pass(lane: string, slotAt: number, intervalMs: number): Promise<void> {
    let gate = this.lanes.get(lane);
    if (gate === undefined) this.lanes.set(lane, (gate = new LaneGate(this.nowMs)));
    return gate.pass(slotAt, intervalMs);
  }
}

class LaneGate {
  /** By slot. */
  private readonly waiting: Waiting[] = [];
  private freeAt = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly nowMs: () => number) {}

  pass(slotAt: number, intervalMs: number): Promise<void> {
    return new Promise((pass) => {
      const place = this.waiting.findLastIndex((other) => other.slotAt <= slotAt) + 1;
      this.waiting.splice(place, 0, { slotAt, intervalMs, pass });
      if (place === 0) this.open();
    });
  }

  private open(): void {
    clearTimeout(this.timer);
    const now = this.nowMs();
    for (let first = this.waiting[0]; first !== undefined; first = this.waiting[0]) {
      const waitMs = Math.max(first.slotAt, this.freeAt) - now;
      if (waitMs > 0) {
        this.timer = setTimeout(() => this.open(), waitMs);
        return;
      }
      this.waiting.shift();
      const { intervalMs } = first;
      this.freeAt = Math.max(this.freeAt, now - Math.max(intervalMs, TIMER_MS)) + intervalMs * CATCH_UP;
      first.pass();
    }
  }
}
