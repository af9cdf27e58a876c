import { setTimeout as sleep } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Default 20,000. */
  timeoutMs?: number;
  /** Default 25. */
  intervalMs?: number;
}

/**
 * Calls `check` until it neither throws nor gives `false`, and gives its result: for what another process is about to
 * do. When the time is over it throws what `check` threw last.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 20_000, intervalMs = 25 }: EventuallyOptions = {},
): Promise<T> {
  for (const endsAt = Date.now() + timeoutMs; ; await sleep(intervalMs)) {
    try {
      const result = await check();
      if (result !== false) return result;
      if (Date.now() > endsAt) throw new Error(`Not so after ${timeoutMs} ms: ${check.toString()}`);
    } catch (error) {
      if (Date.now() > endsAt) throw error;
    }
  }
}
