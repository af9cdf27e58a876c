import type { Statement, Tx } from '#persistence';
import { ASSET_COLUMNS, type MediaAsset } from '../media-asset.js';

/** Files by name, each of its sender: by our id, and by the first that Meta gave. Those that are used count as used, once an hour. */
const FIND_USED: Statement = {
  name: 'find-used-media',
  sql: `
WITH f AS (
  SELECT a.* FROM unnest($1::text[], $2::uuid[]) w(phone_number_id, id) JOIN media_asset a USING (id) WHERE a.phone_number_id = w.phone_number_id
  UNION
  SELECT a.* FROM unnest($3::text[], $4::text[]) w(phone_number_id, meta_id) JOIN media_asset a ON a.first_meta_id = w.meta_id
  WHERE a.phone_number_id = w.phone_number_id
), u AS (
  UPDATE media_asset SET last_used_at = now() FROM f WHERE media_asset.id = f.id AND f.state = 'stored' AND f.last_used_at < now() - interval '1 hour'
)
SELECT ${ASSET_COLUMNS} FROM f WHERE state <> 'receiving'`,
};

/** A sender and the name of a file in a message of it. */
export interface MediaName {
  phoneNumberId: string;
  id: string;
}

/** @returns the files that there are of these, those that are no more included */
export function findUsed(tx: Tx, uuids: readonly MediaName[], metaIds: readonly MediaName[]): Promise<MediaAsset[]> {
  return tx.query<MediaAsset>(FIND_USED, [
    uuids.map(({ phoneNumberId }) => phoneNumberId),
    uuids.map(({ id }) => id),
    metaIds.map(({ phoneNumberId }) => phoneNumberId),
    metaIds.map(({ id }) => id),
  ]);
}

/** A file that a message names, and until when that may wait. */
export interface MediaUse extends MediaName {
  until: Date;
}

/** Counts files as used until a time to come, once an hour; rows are locked in the order of their ids. */
const NOTE_USES: Statement = {
  name: 'note-media-uses',
  sql: `
WITH f AS (
  SELECT a.id, w.until FROM unnest($1::text[], $2::uuid[], $3::timestamptz[]) w(phone_number_id, id, until) JOIN media_asset a USING (id)
  WHERE a.phone_number_id = w.phone_number_id
  UNION ALL
  SELECT a.id, w.until FROM unnest($4::text[], $5::text[], $6::timestamptz[]) w(phone_number_id, meta_id, until)
  JOIN media_asset a ON a.first_meta_id = w.meta_id WHERE a.phone_number_id = w.phone_number_id
), g AS (
  SELECT id, max(until) AS until FROM f GROUP BY id
), l AS (
  SELECT a.id, g.until FROM media_asset a JOIN g USING (id)
  WHERE a.state = 'stored' AND a.last_used_at < g.until - interval '1 hour' ORDER BY a.id FOR UPDATE OF a
)
UPDATE media_asset a SET last_used_at = l.until FROM l WHERE a.id = l.id`,
};

/** @param uuids files by our id. @param metaIds by the first that Meta gave */
export async function noteUses(tx: Tx, uuids: readonly MediaUse[], metaIds: readonly MediaUse[]): Promise<void> {
  const columns = (uses: readonly MediaUse[]) => [
    uses.map(({ phoneNumberId }) => phoneNumberId),
    uses.map(({ id }) => id),
    uses.map(({ until }) => until),
  ];
  await tx.query(NOTE_USES, [...columns(uuids), ...columns(metaIds)]);
}
