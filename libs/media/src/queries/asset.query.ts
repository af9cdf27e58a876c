import type { Statement, Tx } from '#persistence';
import { ASSET_COLUMNS, type MediaAsset, type StoredAsset } from '../media-asset.js';

const BEGIN_ASSET: Statement = {
  name: 'begin-media-asset',
  sql: `INSERT INTO media_asset (id, phone_number_id, direction, state, filename, storage_key) VALUES ($1, $2, 'upload', 'receiving', $3, $4)`,
};

/** Notes that bytes will come, before the first of them: whatever happens, the sweep knows of them. */
export async function beginAsset(
  tx: Tx,
  { id, phoneNumberId, filename, key }: { id: string; phoneNumberId: string; filename: string | null; key: string },
): Promise<void> {
  await tx.query(BEGIN_ASSET, [id, phoneNumberId, filename, key]);
}

const FIND_SAME: Statement = {
  name: 'find-same-media',
  sql: `
UPDATE media_asset SET last_used_at = greatest(last_used_at, now()), is_of_links = is_of_links AND $4
WHERE phone_number_id = $1 AND sha256 = $2 AND mime_type = $3 AND direction = 'upload' AND state = 'stored'
RETURNING ${ASSET_COLUMNS}`,
};

/**
 * The file of the same bytes and type that the sender has already; it counts as used. Once a client uploads it, it is the client's.
 * Uses media_asset_same_bytes.
 */
export async function findSame(
  tx: Tx,
  {
    phoneNumberId,
    sha256,
    mimeType,
    isOfLinks,
  }: { phoneNumberId: string; sha256: string; mimeType: string; isOfLinks: boolean },
): Promise<StoredAsset | null> {
  return (await tx.query<StoredAsset>(FIND_SAME, [phoneNumberId, sha256, mimeType, isOfLinks]))[0] ?? null;
}

const FINISH_ASSET: Statement = {
  name: 'finish-media-asset',
  sql: `
UPDATE media_asset a SET state = 'stored', kind = $2, mime_type = $3, sha256 = $4, size_bytes = $5, meta_id = $6, first_meta_id = $6,
  uploaded_at = CASE WHEN $6::text IS NULL THEN NULL ELSE now() END, last_used_at = now(), is_of_links = $7
WHERE a.id = $1 AND a.state = 'receiving' AND NOT EXISTS (
  SELECT 1 FROM media_asset o WHERE o.phone_number_id = a.phone_number_id AND o.sha256 = $4 AND o.mime_type = $3 AND o.direction = 'upload' AND o.state = 'stored')
RETURNING ${ASSET_COLUMNS}`,
};

/** The bytes are in the storage. @returns null when another request has stored the same ones meanwhile */
export async function finishAsset(
  tx: Tx,
  {
    id,
    kind,
    mimeType,
    sha256,
    size,
    metaId,
    isOfLinks,
  }: Pick<StoredAsset, 'id' | 'kind' | 'mimeType' | 'sha256' | 'size' | 'metaId'> & { isOfLinks: boolean },
): Promise<StoredAsset | null> {
  return (await tx.query<StoredAsset>(FINISH_ASSET, [id, kind, mimeType, sha256, size, metaId, isOfLinks]))[0] ?? null;
}

const FORGET_RECEIVED: Statement = {
  name: 'forget-received-media',
  sql: `DELETE FROM media_asset WHERE id = $1 AND state = 'receiving'`,
};

/** Removes the row of bytes that were not wanted. */
export async function forgetReceived(tx: Tx, id: string): Promise<void> {
  await tx.query(FORGET_RECEIVED, [id]);
}

const SET_META_ID: Statement = {
  name: 'set-media-meta-id',
  sql: `
UPDATE media_asset SET meta_id = $2, first_meta_id = coalesce(first_meta_id, $2), uploaded_at = now() WHERE id = $1 AND state = 'stored'
RETURNING ${ASSET_COLUMNS}`,
};

/** Meta has the file under a new id. @returns null when it was deleted meanwhile */
export async function setMetaId(tx: Tx, id: string, metaId: string): Promise<StoredAsset | null> {
  return (await tx.query<StoredAsset>(SET_META_ID, [id, metaId]))[0] ?? null;
}

const FIND_ASSET: Statement = {
  name: 'find-media-asset',
  sql: `
SELECT ${ASSET_COLUMNS} FROM media_asset WHERE (id = $1::uuid OR first_meta_id = $2) AND ($3::text[] IS NULL OR phone_number_id = ANY($3::text[]))
ORDER BY (state = 'stored') DESC, created_at DESC LIMIT 1`,
};

/**
 * A file by our id, or by the first that Meta gave, of the senders named (null: of any).
 * @param id one of the two is null
 */
export async function findAsset(
  tx: Tx,
  { uuid, metaId }: { uuid: string | null; metaId: string | null },
  senders: readonly string[] | null,
): Promise<MediaAsset | null> {
  return (await tx.query<MediaAsset>(FIND_ASSET, [uuid, metaId, senders]))[0] ?? null;
}

const DELETE_ASSET: Statement = {
  name: 'delete-media-asset',
  sql: `
UPDATE media_asset SET state = 'deleted', deleted_at = now(), next_try_at = now() + interval '1 minute', tries = 0
WHERE id = $1 AND state IN ('stored', 'pending', 'expired')
RETURNING ${ASSET_COLUMNS}`,
};

/** From now on the file is no more; bytes and Meta's copy are still to be removed, by the caller or else by the sweep. */
export async function deleteAsset(tx: Tx, id: string): Promise<MediaAsset | null> {
  return (await tx.query<MediaAsset>(DELETE_ASSET, [id]))[0] ?? null;
}

const SETTLE_DELETED: Statement = {
  name: 'settle-deleted-media',
  sql: `UPDATE media_asset SET next_try_at = NULL, storage_key = NULL WHERE id = $1 AND state IN ('deleted', 'expired')`,
};

/** Nothing of a deleted file is left, here or at Meta. */
export async function settleDeleted(tx: Tx, id: string): Promise<void> {
  await tx.query(SETTLE_DELETED, [id]);
}
