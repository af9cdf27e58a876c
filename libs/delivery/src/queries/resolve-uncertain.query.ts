import type { Statement, Tx } from '#persistence';
import type { Resolution, UnprovenAttempt } from '../domain/resolve-uncertain.js';

/** An uncertain attempt that may be resolved now; its message is locked. */
export interface ResolvableAttempt extends UnprovenAttempt {
  messageId: string;
  attemptNo: number;
}

/**
 * Uncertain attempts of which evidence would be known by now (delivery protocol §6): their grace is over, our inbox is applied
 * beyond it, and Meta's channel has since brought a status of an attempt that started later, or has been silent for $3 ms.
 * Reads one_open_attempt; locks in id order. $1 = the most rows, $2 = time for a channel to settle, ms.
 */
const LOCK_RESOLVABLE: Statement = {
  name: 'lock-resolvable',
  sql: `
WITH t AS MATERIALIZED (SELECT * FROM attempt WHERE state = 'uncertain' AND resolve_after <= now())
SELECT m.id AS "messageId", t.no AS "attemptNo", m.policy, t.http_2xx AS "http2xx", m.burned, m.expires_at <= now() AS "isExpired"
FROM t
JOIN message m ON m.id = t.message_id AND m.id = ANY(ARRAY(SELECT message_id FROM t))
JOIN sender s ON s.phone_number_id = m.phone_number_id
JOIN access_token k ON k.id = s.access_token_id
JOIN status_channel c ON c.app_id = k.app_id
WHERE m.state = 'uncertain' AND c.inbox_read_to >= t.resolve_after
  AND (c.settled_started_at >= t.uncertain_since
    OR (c.recent_started_at >= t.uncertain_since AND c.recent_at <= now() - $2 * interval '1 ms')
    OR t.uncertain_since <= now() - $3 * interval '1 ms')
ORDER BY m.id LIMIT $1 FOR UPDATE OF m SKIP LOCKED`,
};

export function lockResolvable(
  tx: Tx,
  options: { limit: number; settleMs: number; maxGraceMs: number },
): Promise<ResolvableAttempt[]> {
  return tx.query<ResolvableAttempt>(LOCK_RESOLVABLE, [options.limit, options.settleMs, options.maxGraceMs]);
}

/** A message that is resolved without evidence. */
export interface ResolvedMessage extends Resolution {
  messageId: string;
  attemptNo: number;
  eventId: string;
}

/** T6 and T7 for locked messages: the attempt is abandoned, the fence rises. */
const RESOLVE_UNCERTAIN: Statement = {
  name: 'resolve-uncertain',
  sql: `
WITH r AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::int[], $6::uuid[]) r(id, no, state, reason, delay_ms, event_id)
), m AS (
  UPDATE message d SET state = r.state, reason = r.reason, fence = d.fence + 1,
    next_attempt_at = CASE WHEN r.state = 'queued' THEN now() + r.delay_ms * interval '1 ms' END, updated_at = now()
  FROM r WHERE d.id = r.id AND d.id = ANY($1::uuid[]) AND d.state = 'uncertain'
  RETURNING d.id, d.client_id, d.next_attempt_at, r.no, r.state, r.reason, r.event_id
), a AS (
  UPDATE attempt t SET state = 'abandoned' FROM m WHERE t.message_id = m.id AND t.message_id = ANY($1::uuid[]) AND t.no = m.no AND t.state = 'uncertain'
)
INSERT INTO event (id, client_id, type, message_id, payload)
SELECT event_id, client_id, 'message.' || state, id, jsonb_strip_nulls(jsonb_build_object('by', 'resolver', 'reason', reason, 'attempt', no, 'until', next_attempt_at)) FROM m`,
};

export async function writeResolutions(tx: Tx, resolved: ResolvedMessage[]): Promise<void> {
  const column = <T>(read: (message: ResolvedMessage) => T) => resolved.map(read);
  await tx.query(RESOLVE_UNCERTAIN, [
    column(({ messageId }) => messageId),
    column(({ attemptNo }) => attemptNo),
    column(({ state }) => state),
    column(({ reason }) => reason),
    column(({ delayMs }) => delayMs),
    column(({ eventId }) => eventId),
  ]);
}
