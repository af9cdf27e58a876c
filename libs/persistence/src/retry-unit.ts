import { setTimeout as sleep } from 'node:timers/promises';
import { databaseErrorKind } from './domain/database-error.js';

/** How often a unit is repeated. The wait before run n + 1 is anything up to `baseMs` × 2^n, at most `capMs`. */
export interface RetryOptions {
  /** The most runs, the first included. */
  tries?: number;
  baseMs?: number;
  capMs?: number;
  random?: () => number;
}

/**
 * Runs a unit of database work and repeats it, with full jitter, when it lost a race for locks or its connection. The unit
 * must be idempotent by a key or a guard: after a lost connection its COMMIT may have happened.
 * @throws the last error
 */
export async function retryUnit<T>(
  unit: () => Promise<T>,
  { tries = 5, baseMs = 25, capMs = 1_000, random = Math.random }: RetryOptions = {},
): Promise<T> {
  for (let run = 1; ; run += 1) {
    try {
      return await unit();
    } catch (error) {
      const kind = databaseErrorKind(error);
      if (run >= tries || (kind !== 'repeat' && kind !== 'lost')) throw error;
      await sleep(random() * Math.min(capMs, baseMs * 2 ** run));
    }
  }
}
