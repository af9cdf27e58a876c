import type { Statement, Tx } from '#persistence';
import { ASSET_COLUMNS, type MediaAsset } from '../media-asset.js';

const EXPIRE_UNUSED: Statement = {
  name: 'expire-unused-media',
  sql: `
UPDATE media_asset SET state = 'expired', next_try_at = now(), tries = 0
WHERE id IN (SELECT id FROM media_asset WHERE state = 'stored' AND last_used_at < now() - $1::int * interval '1 day' LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING id`,
};

/** Files that nobody used for so many days are kept no more; their bytes are removed by the same sweep. Uses media_asset_last_used. */
export async function expireUnused(tx: Tx, days: number, limit: number): Promise<number> {
  return (await tx.query(EXPIRE_UNUSED, [days, limit])).length;
}

const CLAIM_REMAINS: Statement = {
  name: 'claim-media-remains',
  sql: `
UPDATE media_asset SET next_try_at = now() + interval '10 minutes', tries = least(tries + 1, 1000)
WHERE id IN (SELECT id FROM media_asset WHERE next_try_at <= now() + interval '1 ms' AND state IN ('deleted', 'expired') ORDER BY next_try_at LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING ${ASSET_COLUMNS}`,
};

/** Files that are no more and of which something is left. Uses media_asset_due. */
export function claimRemains(tx: Tx, limit: number): Promise<MediaAsset[]> {
  return tx.query<MediaAsset>(CLAIM_REMAINS, [limit]);
}

const FIND_BROKEN_OFF: Statement = {
  name: 'find-broken-off-media',
  sql: `SELECT id FROM media_asset WHERE state = 'receiving' AND last_used_at < now() - interval '1 hour' LIMIT $1`,
};

/** Files whose bytes stopped coming with the process that took them. */
export function findBrokenOff(tx: Tx, limit: number): Promise<{ id: string }[]> {
  return tx.query<{ id: string }>(FIND_BROKEN_OFF, [limit]);
}
