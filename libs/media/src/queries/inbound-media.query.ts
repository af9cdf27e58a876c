import type { Statement, Tx } from '#persistence';
import type { InboundMedia } from '../domain/inbound-media.js';
import { ASSET_COLUMNS, type MediaAsset } from '../media-asset.js';

const KEEP_INBOUND_MEDIA: Statement = {
  name: 'keep-inbound-media',
  sql: `
INSERT INTO media_asset (id, wamid, phone_number_id, direction, state, kind, meta_id, first_meta_id, mime_type, sha256, filename, next_try_at)
SELECT id, wamid, phone_number_id, 'inbound', 'pending', kind, meta_id, meta_id, mime_type, sha256, filename, now()
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
  v(id, wamid, phone_number_id, kind, meta_id, mime_type, sha256, filename) ORDER BY wamid
ON CONFLICT (wamid) DO NOTHING`,
};

/** A file to fetch, and the message that brought it. */
export type InboundMediaRow = InboundMedia & { id: string; wamid: string; phoneNumberId: string };

/** One row a message: it coming again changes nothing. */
export async function insertInboundMedia(tx: Tx, rows: readonly InboundMediaRow[]): Promise<void> {
  const column = <K extends keyof InboundMediaRow>(name: K) => rows.map((row) => row[name]);
  await tx.query(KEEP_INBOUND_MEDIA, [
    column('id'),
    column('wamid'),
    column('phoneNumberId'),
    column('kind'),
    column('metaId'),
    column('mimeType'),
    column('sha256'),
    column('filename'),
  ]);
}

const CLAIM_PENDING: Statement = {
  name: 'claim-pending-media',
  sql: `
UPDATE media_asset SET next_try_at = now() + $2::int * interval '1 ms', tries = least(tries + 1, 1000)
WHERE id IN (SELECT id FROM media_asset WHERE next_try_at <= now() + interval '1 ms' AND state = 'pending' ORDER BY next_try_at LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING ${ASSET_COLUMNS}, tries, (extract(epoch FROM now() - created_at) * 1000)::float8 AS "ageMs"`,
};

/** A file that this process fetches now. */
export type ClaimedMedia = MediaAsset & { tries: number; ageMs: number };

/**
 * Takes files to fetch for `leaseMs`: whoever dies with one leaves it to the next. Times are kept to the millisecond, rounded: one that is
 * due now may stand half of one ahead. Uses media_asset_due.
 */
export function claimPending(tx: Tx, limit: number, leaseMs: number): Promise<ClaimedMedia[]> {
  return tx.query<ClaimedMedia>(CLAIM_PENDING, [limit, leaseMs]);
}

const SETTLE_FETCHED: Statement = {
  name: 'settle-fetched-media',
  sql: `
UPDATE media_asset SET state = 'stored', next_try_at = NULL, size_bytes = $2, sha256 = $3, mime_type = $4, storage_key = $5, last_used_at = now()
WHERE id = $1 AND state = 'pending' RETURNING id`,
};

/** The bytes are in the storage. @returns false when the file was deleted meanwhile */
export async function settleFetched(
  tx: Tx,
  { id, size, sha256, mimeType, key }: { id: string; size: number; sha256: string; mimeType: string; key: string },
): Promise<boolean> {
  return (await tx.query(SETTLE_FETCHED, [id, size, sha256, mimeType, key])).length > 0;
}

const PUT_OFF_FETCH: Statement = {
  name: 'put-off-media-fetch',
  sql: `UPDATE media_asset SET next_try_at = now() + $2::int * interval '1 ms' WHERE id = $1 AND state = 'pending'`,
};

/** It is tried again later. */
export async function putOffFetch(tx: Tx, id: string, delayMs: number): Promise<void> {
  await tx.query(PUT_OFF_FETCH, [id, delayMs]);
}

const EXPIRE_PENDING: Statement = {
  name: 'expire-pending-media',
  sql: `UPDATE media_asset SET state = 'expired', next_try_at = NULL WHERE id = $1 AND state = 'pending'`,
};

/** Meta has it no more. */
export async function expirePending(tx: Tx, id: string): Promise<void> {
  await tx.query(EXPIRE_PENDING, [id]);
}
