import type { StopStep } from '#observability';

/** Somebody asked the process to stop while it was starting. */
export class StartCalledOffError extends Error {}

/** Starts one thing after the other, and remembers how each is ended again: the last one first. */
export class Startup {
  private ends: StopStep[] = [];
  private isCalledOff = false;

  /**
   * Starts something, and remembers its end.
   * @throws StartCalledOffError instead when the start was called off meanwhile
   */
  async step<T>(name: string, start: () => T | Promise<T>, end?: (started: T) => unknown): Promise<T> {
    this.assertWanted();
    const started = await start();
    if (end !== undefined) this.endsWith([[name, () => end(started)]]);
    this.assertWanted();
    return started;
  }

  /** Remembers several steps, done in this order, before everything that was started earlier is ended. */
  endsWith(steps: readonly StopStep[]): void {
    this.ends = [...steps, ...this.ends];
  }

  /** The next step will not be done. */
  callOff(): void {
    this.isCalledOff = true;
  }

  /** How to end what was started, in this order. */
  get stopSteps(): readonly StopStep[] {
    return this.ends;
  }

  /** Ends what was started, for a start that did not get through. A failing end does not keep the others from being done. */
  async undo(): Promise<void> {
    for (const [, end] of this.ends.splice(0)) {
      try {
        await end();
      } catch {
        // Why the start failed is what is told.
      }
    }
  }

  private assertWanted(): void {
    if (this.isCalledOff) throw new StartCalledOffError();
  }
}
