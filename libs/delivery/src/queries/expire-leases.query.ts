import type { Statement, Tx } from '#persistence';
import type { Grace } from '../domain/grace.js';

/**
 * T4: a message whose lease ran out is uncertain, since its worker may have written the request. It burns; `not_sent` stays, for
 * a late result (T3s) may say that this attempt was one more that was not written. Reads one_open_attempt; $1 = the most rows,
 * $2 = an event id for each of them, $3, $4 = grace in ms for at_least_once and at_most_once.
 */
const EXPIRE_LEASES: Statement = {
  name: 'expire-leases',
  sql: `
WITH l AS MATERIALIZED (
  SELECT m.id FROM message m
  WHERE m.id = ANY(ARRAY(SELECT t.message_id FROM attempt t WHERE t.state = 'started')) AND m.state = 'sending' AND m.lease_until < now()
  ORDER BY m.id LIMIT $1 FOR UPDATE OF m SKIP LOCKED
), c AS (
  UPDATE message m SET state = 'uncertain', reason = 'lease_expired', fence = m.fence + 1, lease_until = NULL, lease_owner = NULL,
    burned = m.burned + 1, updated_at = now()
  FROM l WHERE m.id = l.id AND m.id = ANY(ARRAY(SELECT id FROM l)) AND m.state = 'sending' AND m.lease_until < now()
  RETURNING m.id, m.client_id, m.attempt_no, m.policy
), a AS (
  UPDATE attempt t SET state = 'uncertain', ended_at = clock_timestamp(), uncertain_since = clock_timestamp(),
    resolve_after = now() + (CASE c.policy WHEN 'at_most_once' THEN $4 ELSE $3 END)::int * interval '1 ms'
  FROM c WHERE t.message_id = c.id AND t.message_id = ANY(ARRAY(SELECT id FROM l)) AND t.no = c.attempt_no AND t.state = 'started'
), e AS (
  INSERT INTO event (id, client_id, type, message_id, payload)
  SELECT v.event_id, n.client_id, 'message.uncertain', n.id, jsonb_build_object('by', 'reaper', 'reason', 'lease_expired', 'attempt', n.attempt_no)
  FROM (SELECT c.*, row_number() OVER () AS row_no FROM c) n
  JOIN unnest($2::uuid[]) WITH ORDINALITY v(event_id, row_no) ON v.row_no = n.row_no
)
SELECT id AS "messageId" FROM c`,
};

export function expireLeases(tx: Tx, eventIds: string[], grace: Grace): Promise<{ messageId: string }[]> {
  return tx.query(EXPIRE_LEASES, [eventIds.length, eventIds, grace.atLeastOnceMs, grace.atMostOnceMs]);
}
