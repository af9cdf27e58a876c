/** Work that is done again and again: every interval, and soon after somebody asks for it. Never twice at once. */
export class Loop {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isAskedAgain = false;
  private tookMs = 0;
  private isStopped = false;

  /**
   * @param options.share of the time that runs may take, 0 to 1: after a long one the next comes later than the interval says. Default 1
   * @param options.onError told of a run that failed; the next one comes in its time
   */
  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly options: { intervalMs: number; share?: number; onError: (error: unknown) => void },
  ) {}

  start(): this {
    this.schedule();
    return this;
  }

  /** Runs now, or once more when the present run is over. */
  wake(): void {
    if (this.isStopped) return;
    if (this.running !== undefined) this.isAskedAgain = true;
    else void this.run();
  }

  /** Resolves when the present run is over; no other will start. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.isStopped) return;
    const { intervalMs, share = 1 } = this.options;
    this.timer = setTimeout(() => this.wake(), Math.max(intervalMs, this.tookMs / share - this.tookMs));
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    this.isAskedAgain = false;
    const startedAt = performance.now();
    this.running = this.work().then(() => undefined, this.options.onError);
    await this.running;
    this.tookMs = performance.now() - startedAt;
    this.running = undefined;
    if (this.isAskedAgain) this.wake();
    else this.schedule();
  }
}
