import type { Statement, Tx } from '#persistence';

/**
 * T9: a message that waits when its time is over is never sent late. It ends expired, or unknown when an earlier attempt of it
 * was abandoned and may have gone through. They are chosen in the order of message_expiry and locked in that of their ids: asked for
 * in that order, Postgres may look for them among all messages. Attempts are looked up one by one (LIMIT): for EXISTS it may read all there
 * ever were. $1 = the most rows, $2 = an event id for each.
 */
const EXPIRE_MESSAGES: Statement = {
  name: 'expire-messages',
  sql: `
WITH d AS MATERIALIZED (
  SELECT m.id FROM message m WHERE m.next_attempt_at IS NOT NULL AND m.expires_at <= now() ORDER BY m.expires_at LIMIT $1
), l AS MATERIALIZED (
  SELECT m.id, (SELECT true FROM attempt t WHERE t.message_id = m.id AND t.state = 'abandoned' LIMIT 1) IS TRUE AS is_unproven
  FROM message m WHERE m.id = ANY(ARRAY(SELECT id FROM d)) AND m.next_attempt_at IS NOT NULL AND m.expires_at <= now()
  ORDER BY m.id FOR UPDATE OF m SKIP LOCKED
), c AS (
  UPDATE message m SET state = CASE WHEN l.is_unproven THEN 'unknown' ELSE 'expired' END,
    reason = CASE WHEN l.is_unproven THEN 'earlier_attempt_unproven' ELSE 'expired' END,
    next_attempt_at = NULL, fed_at = NULL, updated_at = now()
  FROM l WHERE m.id = l.id AND m.id = ANY(ARRAY(SELECT id FROM l)) AND m.state = 'queued'
  RETURNING m.id, m.client_id, m.state, m.reason
), e AS (
  INSERT INTO event (id, client_id, type, message_id, payload)
  SELECT v.event_id, n.client_id, 'message.' || n.state, n.id, jsonb_build_object('by', 'sweeper', 'reason', n.reason)
  FROM (SELECT c.*, row_number() OVER () AS row_no FROM c) n
  JOIN unnest($2::uuid[]) WITH ORDINALITY v(event_id, row_no) ON v.row_no = n.row_no
)
SELECT id AS "messageId" FROM c`,
};

export function expireMessages(tx: Tx, eventIds: string[]): Promise<{ messageId: string }[]> {
  return tx.query(EXPIRE_MESSAGES, [eventIds.length, eventIds]);
}
