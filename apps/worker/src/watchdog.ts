/** What the watchdog sees: whether messages wait that could be claimed, and when this process claimed last. */
export interface Progress {
  hasClaimable: boolean;
  /** ms of a clock that never goes back; null: never. */
  lastClaimAt: number | null;
}

/** After so long without a claim, although messages wait, ms (delivery protocol §12). */
export interface Patience {
  recreateAfterMs: number;
  exitAfterMs: number;
}

/** Decides when a worker that claims nothing is helped: first its queue connections are made anew, then it ends. */
export class Watchdog {
  private stalledSince: number | null = null;
  private isRecreated = false;

  constructor(private readonly patience: Patience) {}

  /** @param now on the clock of `lastClaimAt` */
  look({ hasClaimable, lastClaimAt }: Progress, now: number): 'wait' | 'recreate' | 'exit' {
    const hasMoved = this.stalledSince !== null && lastClaimAt !== null && lastClaimAt >= this.stalledSince;
    if (!hasClaimable || hasMoved) this.forget();
    if (!hasClaimable) return 'wait';
    this.stalledSince ??= now;
    const stalledMs = now - this.stalledSince;
    if (stalledMs >= this.patience.exitAfterMs) return 'exit';
    if (this.isRecreated || stalledMs < this.patience.recreateAfterMs) return 'wait';
    this.isRecreated = true;
    return 'recreate';
  }

  /** Nothing is known: as if all were well. */
  forget(): void {
    this.stalledSince = null;
    this.isRecreated = false;
  }
}
