import { newId, type Statement, type Tx } from '#persistence';
import type { ConversationRow } from './write-conversations.query.js';

/** What clients are told of a conversation. */
export type ConversationEvent = 'opened' | 'extended' | 'expiring_soon' | 'expired';

/** Whoever may read what contacts write to a sender hears of its conversations. */
const READ_LISTENERS: Statement = {
  name: 'read-conversation-listeners',
  sql: `
SELECT DISTINCT v.phone_number_id AS "phoneNumberId", k.client_id AS "clientId"
FROM unnest($1::text[]) v(phone_number_id)
JOIN api_key k ON k.revoked_at IS NULL AND 'inbound:read' = ANY(k.scopes) AND (k.all_senders OR v.phone_number_id = ANY(k.senders))
ORDER BY 1, 2`,
};

const WRITE_EVENTS: Statement = {
  name: 'write-conversation-events',
  sql: `INSERT INTO event (id, client_id, type, payload) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[])`,
};

/**
 * Writes one event a conversation for each client that has a key with `inbound:read` for the sender, in the transaction that
 * changes the conversation.
 */
export async function tellClients(
  tx: Tx,
  told: readonly { event: ConversationEvent; conversation: TellableConversation }[],
): Promise<void> {
  if (told.length === 0) return;
  const senders = [...new Set(told.map(({ conversation }) => conversation.phoneNumberId))];
  const listeners = await tx.query<{ phoneNumberId: string; clientId: string }>(READ_LISTENERS, [senders]);
  const events = told.flatMap(({ event, conversation }) =>
    listeners
      .filter(({ phoneNumberId }) => phoneNumberId === conversation.phoneNumberId)
      .map(({ clientId }) => ({ clientId, type: `conversation.${event}`, payload: payloadOf(conversation) })),
  );
  if (events.length === 0) return;
  await tx.query(WRITE_EVENTS, [
    events.map(() => newId()),
    events.map(({ clientId }) => clientId),
    events.map(({ type }) => type),
    events.map(({ payload }) => JSON.stringify(payload)),
  ]);
}

/** What an event says of its conversation. */
export type TellableConversation = Pick<
  ConversationRow,
  'id' | 'phoneNumberId' | 'contact' | 'kind' | 'category' | 'openedAt' | 'expiresAt'
>;

const payloadOf = ({ id, phoneNumberId, ...rest }: TellableConversation) => ({
  conversationId: id,
  sender: phoneNumberId,
  contact: rest.contact,
  kind: rest.kind,
  category: rest.category,
  openedAt: rest.openedAt,
  expiresAt: rest.expiresAt,
});
