/**
 * The connections to the Graph API that one priority may use in this process. A claim takes no more messages than it has
 * connections for, so that a crash leaves no more of them uncertain than were on the wire.
 */
export class ConnectionShare {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(readonly size: number) {
    this.free = size;
  }

  /** Takes between one and `wanted` connections; waits while there is none. */
  async take(wanted: number): Promise<number> {
    while (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    const taken = Math.min(wanted, this.free);
    this.free -= taken;
    if (this.free > 0) this.waiting.shift()?.();
    return taken;
  }

  give(count: number): void {
    if (count === 0) return;
    this.free += count;
    this.waiting.shift()?.();
  }

  /** Connections in use now. */
  get inUse(): number {
    return this.size - this.free;
  }
}
