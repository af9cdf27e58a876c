import type { Statement, Tx } from '#persistence';

/** What hours are counted of: messages by the time in their id, charges by when they arose. */
export type RollupSubject = 'message' | 'charge';

/** An hour in which something has changed, with the marks that say so. */
export interface TouchedHour {
  subject: RollupSubject;
  hour: Date;
  markIds: string[];
}

/** The rollups of each subject. Each is filled from the view `touched_<rollup>`, which also serves reports until it is. */
const ROLLUPS: Readonly<Record<RollupSubject, readonly string[]>> = {
  message: ['delivery_hour', 'latency_hour'],
  charge: ['cost_hour'],
};

const LOCK: Statement = {
  name: 'lock-rollups',
  sql: `SELECT pg_try_advisory_xact_lock(hashtext('herald.rollups')) AS "isMine"`,
};

/** Two that counted one hour at once could leave the older count. @returns false while another worker counts */
export async function lockRollups(tx: Tx): Promise<boolean> {
  const [lock] = await tx.query<{ isMine: boolean }>(LOCK, []);
  return lock?.isMine === true;
}

const FIND_TOUCHED: Statement = {
  name: 'find-touched-hours',
  sql: `
SELECT subject, hour, array_agg(id::text) AS "markIds"
FROM hour_touched GROUP BY subject, hour ORDER BY hour DESC, subject LIMIT $1`,
};

/** The newest hours that were touched since they were counted. */
export function findTouchedHours(tx: Tx, limit: number): Promise<TouchedHour[]> {
  return tx.query<TouchedHour>(FIND_TOUCHED, [limit]);
}

/** A time zone is at most 14 hours from UTC, so that these days hold all rows of the hours: the primary key begins with them. */
const forget = (rollup: string): Statement => ({
  name: `forget-${rollup}`,
  sql: `
DELETE FROM ${rollup} WHERE hour = ANY ($1::timestamptz[]) AND day BETWEEN
  (SELECT (min(h) AT TIME ZONE 'UTC')::date - 1 FROM unnest($1::timestamptz[]) h) AND
  (SELECT (max(h) AT TIME ZONE 'UTC')::date + 1 FROM unnest($1::timestamptz[]) h)`,
});

const count = (rollup: string): Statement => ({
  name: `count-${rollup}`,
  sql: `INSERT INTO ${rollup} SELECT * FROM touched_${rollup} WHERE hour = ANY ($1::timestamptz[])`,
});

const CLEAR: Statement = { name: 'clear-touched-hours', sql: 'DELETE FROM hour_touched WHERE id = ANY ($1::bigint[])' };

/**
 * Counts hours anew and takes away the marks that were there before: a change that comes meanwhile leaves a mark of its own, so
 * the hour is counted once more.
 */
export async function countHours(tx: Tx, touched: readonly TouchedHour[]): Promise<void> {
  for (const subject of Object.keys(ROLLUPS) as RollupSubject[]) {
    const hours = touched.filter((each) => each.subject === subject).map(({ hour }) => hour);
    if (hours.length === 0) continue;
    for (const rollup of ROLLUPS[subject]) {
      await tx.query(forget(rollup), [hours]);
      await tx.query(count(rollup), [hours]);
    }
  }
  await tx.query(CLEAR, [touched.flatMap(({ markIds }) => markIds)]);
}
