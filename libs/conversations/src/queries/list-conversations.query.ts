import type { Statement, Tx } from '#persistence';
import type { ConversationKind, KnownConversation } from '../domain/conversation.js';
import type { ConversationMark } from '../domain/cursor.js';

/** Which conversations to list; a filter that is null does not narrow. */
export interface ConversationSelection {
  /** Phone number ids that the caller may see; null for all. */
  senders: readonly string[] | null;
  sender: string | null;
  /** Identifiers that may be the contact's; null does not narrow. */
  identifiers: readonly string[] | null;
  kind: ConversationKind | null;
  state: ConversationState | null;
  /** The instant that `state` is about; null: now, by the database's clock. None that opened later is listed; ends are those of now. */
  at: Date | null;
  from: Date | null;
  to: Date | null;
  before: ConversationMark | null;
  limit: number;
}

export const CONVERSATION_STATES = ['open', 'expired'] as const;
export type ConversationState = (typeof CONVERSATION_STATES)[number];

/** A conversation as it is listed. `state`: at the instant of the selection. */
export interface ListedConversation extends KnownConversation {
  phoneNumberId: string;
  state: ConversationState;
}

/**
 * Index: conversation_list, backwards from the cursor; conversation_of_contact where a contact narrows it: to its key in the portfolio of each sender.
 */
const LIST_CONVERSATIONS: Statement = {
  name: 'list-conversations',
  sql: `
WITH k AS (
  SELECT DISTINCT s.phone_number_id, d.contact_key AS key FROM unnest($3::text[]) v(identifier)
  JOIN sender s ON ($1::text[] IS NULL OR s.phone_number_id = ANY ($1)) AND ($2::text IS NULL OR s.phone_number_id = $2)
  CROSS JOIN LATERAL contact_identifiers(s.phone_number_id, v.identifier, coalesce($6, now())) d
)
SELECT c.id, c.phone_number_id AS "phoneNumberId", c.kind, c.category, c.contact, c.opened_at AS "openedAt", c.opened_by AS "openedBy",
  c.last_heard_at AS "lastHeardAt", c.certain_until AS "certainUntil", c.extended_count AS "extendedCount", c.expires_at AS "expiresAt",
  c.meta_id AS "metaId", c.meta_expires_at AS "metaExpiresAt",
  CASE WHEN c.expires_at > coalesce($6, now()) THEN 'open' ELSE 'expired' END AS state
FROM conversation c
WHERE c.expires_at > c.opened_at
  AND ($1::text[] IS NULL OR c.phone_number_id = ANY ($1))
  AND ($2::text IS NULL OR c.phone_number_id = $2)
  AND ($3::text[] IS NULL OR (c.phone_number_id, c.contact_key) IN (SELECT phone_number_id, key FROM k))
  AND ($4::text IS NULL OR c.kind = $4)
  AND ($5::text IS NULL OR (c.expires_at > coalesce($6, now())) = ($5 = 'open'))
  AND ($6::timestamptz IS NULL OR c.opened_at <= $6)
  AND ($7::timestamptz IS NULL OR c.opened_at >= $7)
  AND ($8::timestamptz IS NULL OR c.opened_at < $8)
  AND ($9::timestamptz IS NULL OR (c.opened_at, c.id) < ($9, $10::uuid))
ORDER BY c.opened_at DESC, c.id DESC LIMIT $11`,
};

/** Conversations, those that opened last first. */
export function listConversations(tx: Tx, selection: ConversationSelection): Promise<ListedConversation[]> {
  const { senders, sender, identifiers, kind, state, at, from, to, before, limit } = selection;
  return tx.query<ListedConversation>(LIST_CONVERSATIONS, [
    senders,
    sender,
    identifiers,
    kind,
    state,
    at,
    from,
    to,
    before?.openedAt ?? null,
    before?.id ?? null,
    limit,
  ]);
}
