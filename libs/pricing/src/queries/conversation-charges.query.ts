import type { Statement, Tx } from '#persistence';
import { type ChargeFacts, CHARGES_AS_FACTS } from './read-charge-facts.query.js';

/** How many locks all conversations share: a batch must not fill the lock table. */
const LOCKS = 256;

/** Always in the same order. */
const LOCK_CONVERSATIONS: Statement = {
  name: 'lock-paid-conversations',
  sql: `
SELECT pg_advisory_xact_lock(hashtext('charge'), k)
FROM (SELECT DISTINCT abs(hashtext(id) % ${LOCKS}) AS k FROM unnest($1::text[]) v(id) ORDER BY 1) v`,
};

/** Index: charge_conversation. */
const READ_CONVERSATION_CHARGES: Statement = {
  name: 'read-conversation-charges',
  sql: `${CHARGES_AS_FACTS}
WHERE c.conversation_id = ANY($1) ORDER BY c.wamid`,
};

/**
 * Charges of conversations of the historic model, those that pay and those that do not. Two transactions that charge messages of one
 * conversation take turns from here on, so that the later sees what the earlier charged.
 */
export async function lockConversationCharges(tx: Tx, conversationIds: readonly string[]): Promise<ChargeFacts[]> {
  await tx.query(LOCK_CONVERSATIONS, [conversationIds]);
  return tx.query<ChargeFacts>(READ_CONVERSATION_CHARGES, [conversationIds]);
}

const LEAVE_CONVERSATIONS: Statement = {
  name: 'leave-paid-conversations',
  sql: `UPDATE charge SET conversation_id = NULL WHERE wamid = ANY($1)`,
};

/** Takes charges that are about to be written anew out of their conversations: one that pays no longer makes room for the one that does. */
export async function leaveConversations(tx: Tx, wamids: readonly string[]): Promise<void> {
  await tx.query(LEAVE_CONVERSATIONS, [wamids]);
}
