import type { Statement, Tx } from '#persistence';
import type { TellableConversation } from './tell-clients.query.js';

const TELLABLE = `c.id, c.phone_number_id AS "phoneNumberId", c.contact, c.kind, c.category, c.opened_at AS "openedAt", c.expires_at AS "expiresAt"`;

/**
 * The row's own end decides, read again once the row is locked: one that a late message has just moved is left out. What another
 * worker holds is skipped, since it tells it. By the database's clock. Index: conversation_untold.
 */
const markTold = (name: string, due: string, told: number): Statement => ({
  name,
  sql: `
WITH l AS MATERIALIZED (
  SELECT id FROM conversation WHERE ${due} ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE conversation c SET told = ${told} FROM l WHERE c.id = l.id
RETURNING ${TELLABLE}`,
});

const MARK_EXPIRING: Statement = markTold(
  'mark-expiring-conversations',
  `told = 0 AND expires_at > now() AND expires_at <= now() + $2 * interval '1 second'`,
  1,
);

const MARK_EXPIRED: Statement = markTold('mark-expired-conversations', 'told < 2 AND expires_at <= now()', 2);

/** Takes conversations that end within so many seconds, and whose end clients were not told of. */
export function markExpiring(tx: Tx, leadSeconds: number, limit: number): Promise<TellableConversation[]> {
  return tx.query<TellableConversation>(MARK_EXPIRING, [limit, leadSeconds]);
}

/** Takes conversations that have ended, and whose clients do not know it. */
export function markExpired(tx: Tx, limit: number): Promise<TellableConversation[]> {
  return tx.query<TellableConversation>(MARK_EXPIRED, [limit]);
}
