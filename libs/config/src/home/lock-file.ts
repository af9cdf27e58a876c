import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { livePidOf, markOf } from './process-mark.js';

const POLL_MS = 50;
/** How long an empty lock file is taken for one that its holder is just writing. */
const WRITING_MS = 1_000;

/** A file that at most one living process holds. The lock of a process that is gone does not count. */
export class LockFile {
  constructor(private readonly path: string) {}

  /** Pid of the process that holds it, if that is alive. */
  holder(): number | undefined {
    return livePidOf(this.read() ?? '');
  }

  /** False when another process holds it. */
  tryLock(): boolean {
    mkdirSync(dirname(this.path), { recursive: true });
    for (;;) {
      try {
        writeFileSync(this.path, markOf(process.pid) ?? '', { flag: 'wx', mode: 0o600 });
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const mark = this.read();
      if (mark !== undefined && (livePidOf(mark) !== undefined || this.isBeingWritten(mark))) return false;
      if (mark !== undefined) this.removeStale(mark);
    }
  }

  /** Gives it back; does nothing when this process does not hold it. */
  unlock(): void {
    if (this.holder() === process.pid) rmSync(this.path, { force: true });
  }

  /** Runs work while this process holds it; waits for whoever holds it now. */
  async during<T>(work: () => T | Promise<T>): Promise<T> {
    while (!this.tryLock()) await sleep(POLL_MS);
    try {
      return await work();
    } finally {
      this.unlock();
    }
  }

  /** Moved away first: another process may have replaced the stale lock by its own since, and gets that back. */
  private removeStale(seen: string): void {
    const aside = `${this.path}.${process.pid}`;
    try {
      renameSync(this.path, aside);
      if (readFileSync(aside, 'utf8') === seen) rmSync(aside);
      else renameSync(aside, this.path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  private isBeingWritten(mark: string): boolean {
    if (mark !== '') return false;
    const { mtimeMs } = statSync(this.path, { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
    return Date.now() - mtimeMs < WRITING_MS;
  }

  private read(): string | undefined {
    try {
      return readFileSync(this.path, 'utf8');
    } catch {
      return undefined;
    }
  }
}
