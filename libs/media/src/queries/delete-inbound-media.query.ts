import type { Statement, Tx } from '#persistence';

const DELETE_INBOUND_MEDIA: Statement = {
  name: 'delete-inbound-media',
  sql: `
UPDATE media_asset a SET state = 'deleted', deleted_at = now(), next_try_at = now(), tries = 0, filename = NULL
FROM (SELECT id FROM media_asset WHERE wamid = ANY($1::text[]) AND state IN ('stored', 'pending', 'expired') ORDER BY id FOR UPDATE) l
WHERE a.id = l.id`,
};

/** From now on the files of these messages of contacts are no more; the sweep removes their bytes. Index: media_asset_wamid_key. */
export async function deleteInboundMedia(tx: Tx, wamids: readonly string[]): Promise<void> {
  await tx.query(DELETE_INBOUND_MEDIA, [wamids]);
}
