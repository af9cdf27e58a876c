import type { Statement, Tx } from '#persistence';

/** A stored message that was deleted. */
export interface DeletedMessage {
  wamid: string;
  content: Record<string, unknown>;
  deletedAt: Date;
  /** Every notification that brought it. */
  inboxIds: string[];
}

/** Those of contacts, and those of the WhatsApp Business app. */
const TABLES = ['inbound_message', 'app_message'] as const;

/** Messages and their edits. Indexes: the primary keys, and those of the edits. */
const findIn = (table: (typeof TABLES)[number]): Statement => ({
  name: `find-deleted-in-${table}`,
  sql: `
WITH d AS (
  SELECT * FROM inbound_deletion WHERE wamid = ANY($1::text[])
), i AS (
  SELECT i.wamid, d.deleted_at FROM d JOIN ${table} i ON i.wamid = d.wamid AND i.phone_number_id = d.phone_number_id
  UNION ALL
  SELECT i.wamid, d.deleted_at FROM d JOIN ${table} i ON i.target_wamid = d.wamid AND i.type = 'edit' AND i.phone_number_id = d.phone_number_id
), g AS (
  SELECT wamid, min(deleted_at) AS deleted_at FROM i GROUP BY wamid
)
SELECT m.wamid, m.content, g.deleted_at AS "deletedAt",
  m.inbox_id || ARRAY(SELECT c.inbox_id FROM inbound_copy c WHERE c.wamid = m.wamid) AS "inboxIds"
FROM g JOIN ${table} m ON m.wamid = g.wamid ORDER BY m.wamid FOR UPDATE OF m`,
});
const FIND_DELETED = TABLES.map(findIn);

/** The stored messages among these that were deleted, and the edits of these that are stored. */
export async function findDeleted(tx: Tx, wamids: readonly string[]): Promise<DeletedMessage[]> {
  const found: DeletedMessage[] = [];
  for (const statement of FIND_DELETED) found.push(...(await tx.query<DeletedMessage>(statement, [wamids])));
  return found;
}

const ERASE_MESSAGES = TABLES.map((table) => ({
  name: `erase-messages-in-${table}`,
  sql: `
UPDATE ${table} i SET content = v.content, deleted_at = LEAST(i.deleted_at, v.deleted_at)
FROM unnest($1::text[], $2::jsonb[], $3::timestamptz[]) v(wamid, content, deleted_at) WHERE i.wamid = v.wamid`,
}));

/** Puts what may stay in the place of their contents. An edit may go with its original and by itself: the earlier counts. */
export async function eraseMessages(
  tx: Tx,
  messages: readonly Pick<DeletedMessage, 'wamid' | 'content' | 'deletedAt'>[],
): Promise<void> {
  const columns = [
    messages.map(({ wamid }) => wamid),
    messages.map(({ content }) => JSON.stringify(content)),
    messages.map(({ deletedAt }) => deletedAt),
  ];
  for (const statement of ERASE_MESSAGES) await tx.query(statement, columns);
}
