import type { Statement, Tx } from '#persistence';

/** Marks messages as if the feeder had fed them, as long as they are queued. Locks in id order, skips what is locked. */
const MARK_FED: Statement = {
  name: 'mark-fed',
  sql: `
WITH l AS MATERIALIZED (
  SELECT id FROM message WHERE id = ANY($1::uuid[]) AND state = 'queued' AND fed_at IS NULL ORDER BY id FOR UPDATE SKIP LOCKED
)
UPDATE message m SET fed_at = now() FROM l WHERE m.id = l.id AND m.id = ANY($1::uuid[]) AND m.state = 'queued'`,
};

export async function markFed(tx: Tx, messageIds: readonly string[]): Promise<void> {
  await tx.query(MARK_FED, [messageIds]);
}
