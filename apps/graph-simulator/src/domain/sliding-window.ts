/** How many things happened in the `lengthMs` before a moment. Moments are ms and given in order; an earlier one counts as the last. */
export class SlidingWindow {
  /** Ascending; those before `first` are over. */
  private moments: number[] = [];
  private first = 0;

  constructor(private readonly lengthMs: number) {}

  /** Counts one at `now`. */
  add(now: number): void {
    this.moments.push(Math.max(now, this.moments.at(-1) ?? now));
  }

  /** What was counted after `now - lengthMs`, up to `now`. */
  count(now: number): number {
    while ((this.moments[this.first] ?? Infinity) <= now - this.lengthMs) this.first += 1;
    if (this.first > 1_000) {
      this.moments = this.moments.slice(this.first);
      this.first = 0;
    }
    return this.moments.length - this.first;
  }
}
