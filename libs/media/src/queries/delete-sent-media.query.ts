import type { Statement, Tx } from '#persistence';

/** Index: the primary key of message_link. */
const LOCK_LINKED: Statement = {
  name: 'lock-linked-media',
  sql: `
SELECT a.id FROM media_asset a
WHERE a.id IN (SELECT l.asset_id FROM message_link l WHERE l.message_id = ANY($1::uuid[])) AND a.is_of_links AND a.state IN ('stored', 'expired')
ORDER BY a.id FOR UPDATE`,
};

/** Index: message_link_asset. */
const DELETE_UNUSED: Statement = {
  name: 'delete-unused-linked-media',
  sql: `
UPDATE media_asset a SET state = 'deleted', deleted_at = now(), next_try_at = now(), tries = 0, filename = NULL
WHERE a.id = ANY($1::uuid[])
  AND NOT EXISTS (SELECT FROM message_link l JOIN message m ON m.id = l.message_id WHERE l.asset_id = a.id AND m.deleted_at IS NULL)`,
};

/**
 * From now on the files that links of these messages brought are no more, unless a message that is not deleted has them, too, or a client
 * uploaded the same: the sweep removes their bytes. The lock keeps further messages from beginning to use them (`keepLink`). Safe to run twice.
 */
export async function deleteSentMedia(tx: Tx, messageIds: readonly string[]): Promise<void> {
  const linked = await tx.query<{ id: string }>(LOCK_LINKED, [messageIds]);
  if (linked.length > 0) await tx.query(DELETE_UNUSED, [linked.map(({ id }) => id)]);
}
