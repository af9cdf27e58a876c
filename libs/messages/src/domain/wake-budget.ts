const SECOND_MS = 1_000;

/**
 * What the fast path of accept may put into the queues of each lane: so many messages a second, and no more. A flood belongs to
 * the feeder, which feeds fairly; past it, the flood would only crowd the queues that all senders share.
 */
export class WakeBudget {
  private used = new Map<string, number>();
  private since = -Infinity;

  constructor(private readonly perSecond: number) {}

  /** Takes `count` of a lane's at `nowMs` (monotonic); false when that is more than is left, and then nothing is taken. */
  take(lane: string, count: number, nowMs: number): boolean {
    if (nowMs - this.since >= SECOND_MS) {
      this.used = new Map();
      this.since = nowMs;
    }
    const used = (this.used.get(lane) ?? 0) + count;
    if (used > this.perSecond) return false;
    this.used.set(lane, used);
    return true;
  }
}
