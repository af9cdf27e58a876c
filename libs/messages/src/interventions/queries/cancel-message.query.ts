import type { Statement, Tx } from '#persistence';
import type { MessageState } from '../../domain/message.js';

/** How a message stood when it was to be cancelled. */
export interface CancelOutcome {
  state: MessageState;
  hasUnprovenAttempt: boolean;
  isCancelled: boolean;
}

/**
 * T10: queued → cancelled, unless an earlier attempt was abandoned and may have gone through. A job that names the message
 * finds it no longer queued. By the primary key.
 */
const CANCEL_MESSAGE: Statement = {
  name: 'cancel-message',
  sql: `
WITH l AS MATERIALIZED (
  SELECT id, state, EXISTS (SELECT 1 FROM attempt t WHERE t.message_id = m.id AND t.state = 'abandoned') AS is_unproven
  FROM message m WHERE id = $1 FOR UPDATE OF m
), u AS (
  UPDATE message m SET state = 'cancelled', reason = 'cancelled', fence = fence + 1, next_attempt_at = NULL, fed_at = NULL, updated_at = now()
  FROM l WHERE m.id = l.id AND m.id = $1 AND l.state = 'queued' AND NOT l.is_unproven
  RETURNING m.id, m.client_id
), e AS (
  INSERT INTO event (id, client_id, type, message_id, payload)
  SELECT $2, client_id, 'message.cancelled', id, jsonb_strip_nulls(jsonb_build_object('by', 'api', 'reason', 'cancelled', 'keyId', $3::text)) FROM u
)
SELECT l.state, l.is_unproven AS "hasUnprovenAttempt", EXISTS (SELECT 1 FROM u) AS "isCancelled" FROM l`,
};

/** A statement of its own: what an attempt becomes while this one waits for the lock is not seen by the statement that waits. */
const LOCK_MESSAGE: Statement = {
  name: 'lock-message-to-cancel',
  sql: `SELECT FROM message WHERE id = $1 FOR UPDATE`,
};

/** In one transaction of the caller's. @returns null when there is no such message */
export async function cancelMessage(
  tx: Tx,
  cancel: { messageId: string; eventId: string; keyId: string | null },
): Promise<CancelOutcome | null> {
  await tx.query(LOCK_MESSAGE, [cancel.messageId]);
  const [row] = await tx.query<CancelOutcome>(CANCEL_MESSAGE, [cancel.messageId, cancel.eventId, cancel.keyId]);
  return row ?? null;
}
