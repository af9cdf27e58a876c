import { types } from 'node:util';
import DataLoader from 'dataloader';
import { databaseErrorKind } from './domain/database-error.js';

export interface CoalesceOptions<Item, Result> {
  /** Runs one statement for all items and answers in their order; an Error in the list is the failure of that item alone. */
  run: (items: readonly Item[]) => Promise<(Result | Error)[]>;
  /** The most items of one statement. */
  maxBatch: number;
  /** The most statements in flight. */
  inFlight: number;
  /** While statements are shared they begin at least so far apart, ms: a few more items share each of them. Who asks alone does not wait. Default 0. */
  everyMs?: number;
}

/**
 * Commits concurrent requests together: items that arrive in the same tick, or while `inFlight` statements run, share the
 * next one. A batch waits for time only where `everyMs` says so. One that fails for its data or for a lock is run again item by item, so
 * that no item pays for a neighbour.
 */
export function coalesce<Item, Result>({
  run,
  maxBatch,
  inFlight,
  everyMs = 0,
}: CoalesceOptions<Item, Result>): (item: Item) => Promise<Result> {
  let running = 0;
  let startedAt = -Infinity;
  let wasShared = false;
  const waiting: (() => void)[] = [];
  const start = (dispatch: () => void) => {
    running += 1;
    const begin = () => {
      startedAt = performance.now();
      dispatch();
    };
    const waitMs = wasShared ? startedAt + everyMs - performance.now() : 0;
    if (waitMs > 0) setTimeout(begin, waitMs);
    else setImmediate(begin);
  };
  const batch = async (items: readonly Item[]) => {
    wasShared = items.length > 1;
    try {
      return await run(items);
    } catch (error) {
      return items.length > 1 && worthSplitting(error) ? await oneByOne(run, items) : items.map(() => asError(error));
    } finally {
      running -= 1;
      const next = waiting.shift();
      if (next !== undefined) start(next);
    }
  };
  const loader = new DataLoader<Item, Result>(batch, {
    cache: false,
    maxBatchSize: maxBatch,
    batchScheduleFn: (dispatch) => (running < inFlight ? start(dispatch) : waiting.push(dispatch)),
  });
  return (item) => loader.load(item);
}

/** A broken connection fails each item the same way; whatever else it is may be one item's fault. */
function worthSplitting(error: unknown): boolean {
  return databaseErrorKind(error) !== 'lost';
}

async function oneByOne<Item, Result>(
  run: CoalesceOptions<Item, Result>['run'],
  items: readonly Item[],
): Promise<(Result | Error)[]> {
  const results: (Result | Error)[] = [];
  for (const item of items)
    results.push(
      await run([item]).then(([result]) => result ?? new Error('a statement gave no result for its item'), asError),
    );
  return results;
}

/** DataLoader goes by `instanceof`, which an error of another realm (a test's sandbox) does not pass: it is made one of ours. */
function asError(error: unknown): Error {
  if (error instanceof Error) return error;
  return types.isNativeError(error)
    ? Object.assign(new Error(error.message, { cause: error }), error)
    : new Error(String(error));
}
