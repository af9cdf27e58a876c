import type { Statement, Tx } from '#persistence';
import type { MessageState } from '../../domain/message.js';

/** Which ended messages are meant; what is null does not narrow. */
export interface EndedSelection {
  /** Null: of every client (for an operator). */
  clientId: string | null;
  /** Phone number ids that the caller may use; null for all. */
  senders: readonly string[] | null;
  states: MessageState[];
  from: string | null;
  errorCode: number | null;
  /** The word for why it ended. */
  reason: string | null;
  tag: string | null;
  createdAfter: Date | null;
  createdBefore: Date | null;
}

const SELECTED = `
FROM message m
WHERE m.state = ANY($1::text[])
  AND ($2::uuid IS NULL OR m.client_id = $2)
  AND ($3::text[] IS NULL OR m.phone_number_id = ANY($3))
  AND ($4::text IS NULL OR m.phone_number_id = $4)
  AND ($5::int IS NULL OR m.error_code = $5)
  AND ($6::text IS NULL OR m.reason = $6)
  AND ($7::text IS NULL OR EXISTS (SELECT 1 FROM message_content c WHERE c.id = m.id AND c.tags @> ARRAY[$7]))
  AND ($8::timestamptz IS NULL OR m.created_at >= $8)
  AND ($9::timestamptz IS NULL OR m.created_at < $9)`;

const values = (selection: EndedSelection): unknown[] => [
  selection.states,
  selection.clientId,
  selection.senders,
  selection.from,
  selection.errorCode,
  selection.reason,
  selection.tag,
  selection.createdAfter,
  selection.createdBefore,
];

/** Index: message_list for one client, forwards from the last id of the batch before; else the primary key. */
const SELECT_ENDED: Statement = {
  name: 'select-ended',
  sql: `SELECT m.id ${SELECTED} AND m.id > $10::uuid ORDER BY m.id LIMIT $11`,
};

/** @returns ids after `afterId`, in order */
export async function selectEnded(
  tx: Tx,
  selection: EndedSelection,
  page: { afterId: string; limit: number },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(SELECT_ENDED, [...values(selection), page.afterId, page.limit]);
  return rows.map(({ id }) => id);
}

/** How many ended messages of one kind a selection holds. */
export interface EndedCount {
  state: MessageState;
  reason: string;
  errorCode: number | null;
  count: number;
}

const COUNT_ENDED: Statement = {
  name: 'count-ended',
  sql: `
SELECT m.state, m.reason, m.error_code AS "errorCode", count(*)::int AS count ${SELECTED}
GROUP BY m.state, m.reason, m.error_code ORDER BY count(*) DESC, m.state, m.reason, m.error_code`,
};

/** Most frequent first. */
export function countEnded(tx: Tx, selection: EndedSelection): Promise<EndedCount[]> {
  return tx.query<EndedCount>(COUNT_ENDED, values(selection));
}
