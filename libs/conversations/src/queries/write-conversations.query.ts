import type { Statement, Tx } from '#persistence';
import type { Conversation } from '../domain/conversation.js';
import type { Dropped } from '../domain/plan-changes.js';

/** A conversation of a contact, as it is to be stored. */
export interface ConversationRow extends Conversation {
  id: string;
  phoneNumberId: string;
  contactKey: string;
  /** What clients know of its end already: 0 nothing, 1 that it comes soon, 2 that it came. */
  told: number;
}

/** A row whose end moves is told of again, unless that end was told of before. Locks in the order of the rows; the contacts are locked already. */
const WRITE_CONVERSATIONS: Statement = {
  name: 'write-conversations',
  sql: `
INSERT INTO conversation AS c (id, phone_number_id, contact_key, contact, kind, category, opened_at, opened_by, last_heard_at, certain_until,
  extended_count, expires_at, meta_id, meta_expires_at, told)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::text[], $9::timestamptz[],
  $10::timestamptz[], $11::int[], $12::timestamptz[], $13::text[], $14::timestamptz[], $15::smallint[])
ON CONFLICT (id) DO UPDATE SET contact_key = excluded.contact_key, contact = excluded.contact, opened_at = excluded.opened_at, opened_by = excluded.opened_by,
  last_heard_at = excluded.last_heard_at, certain_until = excluded.certain_until, extended_count = excluded.extended_count,
  expires_at = excluded.expires_at, meta_id = excluded.meta_id, meta_expires_at = excluded.meta_expires_at,
  told = CASE WHEN excluded.expires_at > c.expires_at THEN excluded.told ELSE GREATEST(c.told, excluded.told) END`,
};

/** Stores conversations: new ones, and those that changed. */
export async function writeConversations(tx: Tx, rows: readonly ConversationRow[]): Promise<void> {
  const column = <T>(read: (row: ConversationRow) => T) => rows.map(read);
  await tx.query(WRITE_CONVERSATIONS, [
    column(({ id }) => id),
    column(({ phoneNumberId }) => phoneNumberId),
    column(({ contactKey }) => contactKey),
    column(({ contact }) => contact),
    column(({ kind }) => kind),
    column(({ category }) => category),
    column(({ openedAt }) => openedAt),
    column(({ openedBy }) => openedBy),
    column(({ lastHeardAt }) => lastHeardAt),
    column(({ certainUntil }) => certainUntil),
    column(({ extendedCount }) => extendedCount),
    column(({ expiresAt }) => expiresAt),
    column(({ metaId }) => metaId),
    column(({ metaExpiresAt }) => metaExpiresAt),
    column(({ told }) => told),
  ]);
}

const DROP_CONVERSATIONS: Statement = {
  name: 'drop-conversations',
  sql: 'DELETE FROM conversation WHERE id = ANY($1) RETURNING id, kind, expires_at AS "expiresAt", told',
};

/** Removes what turned out to be part of another one; waits for whoever tells of it just now. @returns what had been told of them */
export function dropConversations(tx: Tx, ids: readonly string[]): Promise<Dropped[]> {
  return tx.query<Dropped>(DROP_CONVERSATIONS, [ids]);
}
