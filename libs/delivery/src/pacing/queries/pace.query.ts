import type { Statement, Tx } from '#persistence';
import type { PairBucket } from '../domain/pair-bucket.js';
import type { LaneSchedule } from '../domain/reserve-slots.js';

/** The schedule of a lane, locked, and the moment that counts. */
export interface LockedLane {
  lane: LaneSchedule;
  nowMs: number;
}

const LOCK_LANE: Statement = {
  name: 'lock-pace-lane',
  sql: `
INSERT INTO pace_lane (phone_number_id) VALUES ($1)
ON CONFLICT (phone_number_id) DO UPDATE SET phone_number_id = excluded.phone_number_id
RETURNING next_ms AS "nextMs", urgent_ms AS urgent, standard_ms AS standard, bulk_ms AS bulk,
  extract(epoch FROM clock_timestamp())::float8 * 1000 AS "nowMs"`,
};

/** Makes the row if there is none, and locks it: whoever reserves on the same lane waits. The clock is read under the lock. */
export async function lockLane(tx: Tx, lane: string): Promise<LockedLane> {
  const [row] = await tx.query<Record<'nextMs' | 'urgent' | 'standard' | 'bulk' | 'nowMs', number>>(LOCK_LANE, [lane]);
  const { nextMs = 0, urgent = 0, standard = 0, bulk = 0, nowMs = 0 } = row ?? {};
  return { lane: { nextMs, shareMs: { urgent, standard, bulk } }, nowMs };
}

/** The lane is locked, and no two lanes share a pair: these rows need no lock of their own. */
const READ_PAIRS: Statement = {
  name: 'read-pace-pairs',
  sql: `SELECT pair, tokens, at_ms AS "atMs" FROM pace_pair WHERE pair = ANY($1::text[]) AND tokens IS NOT NULL`,
};

export async function readBuckets(tx: Tx, pairs: readonly string[]): Promise<Map<string, PairBucket>> {
  const rows = await tx.query<PairBucket & { pair: string }>(READ_PAIRS, [pairs]);
  return new Map(rows.map(({ pair, tokens, atMs }) => [pair, { tokens, atMs }]));
}

const WRITE_PACE: Statement = {
  name: 'write-pace',
  sql: `
WITH p AS (
  INSERT INTO pace_pair (pair, tokens, at_ms) SELECT * FROM unnest($6::text[], $7::float8[], $8::float8[])
  ON CONFLICT (pair) DO UPDATE SET tokens = excluded.tokens, at_ms = excluded.at_ms
)
UPDATE pace_lane SET next_ms = $2, urgent_ms = $3, standard_ms = $4, bulk_ms = $5 WHERE phone_number_id = $1`,
};

export async function writePace(
  tx: Tx,
  phoneNumberId: string,
  { nextMs, shareMs }: LaneSchedule,
  buckets: ReadonlyMap<string, PairBucket>,
): Promise<void> {
  const { urgent, standard, bulk } = shareMs;
  const values = [...buckets.values()];
  await tx.query(WRITE_PACE, [
    phoneNumberId,
    nextMs,
    urgent,
    standard,
    bulk,
    [...buckets.keys()],
    values.map(({ tokens }) => tokens),
    values.map(({ atMs }) => atMs),
  ]);
}

/** Reads the whole table: it holds the pairs of the last minutes. $1 = capacity, $2 = ms a token. */
const FORGET_FULL: Statement = {
  name: 'forget-full-pairs',
  sql: `
DELETE FROM pace_pair p USING (
  SELECT pair FROM pace_pair
  WHERE at_ms + ($1::float8 - coalesce(tokens, $1)) * $2::float8 < extract(epoch FROM clock_timestamp())::float8 * 1000
  FOR UPDATE SKIP LOCKED
) f WHERE p.pair = f.pair`,
};

export async function forgetFullBuckets(tx: Tx, { capacity, refillMs }: { capacity: number; refillMs: number }) {
  await tx.query(FORGET_FULL, [capacity, refillMs]);
}
