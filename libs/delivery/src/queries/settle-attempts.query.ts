import type { Statement, Tx } from '#persistence';
import type { Grace } from '../domain/grace.js';

/** The end of an attempt, as its worker saw it. `delayMs` is null unless the message is queued again. */
export interface Settlement {
  messageId: string;
  fence: string;
  attemptNo: number;
  state: string;
  attempt: string;
  reason: string;
  usesFallback: boolean;
  wamid: string | null;
  httpStatus: number | null;
  http2xx: boolean;
  errorCode: number | null;
  /** What Meta, or our own code, said of it; for the client and the timeline. */
  detail: string | null;
  delayMs: number | null;
  /** The message that this one waits for; null for all others. */
  awaitsTarget: string | null;
  eventId: string;
}

/** A settlement that took effect. `hasOrphans`: statuses of its wamid came before it. */
export interface Settled {
  messageId: string;
  attemptNo: number;
  state: string;
  hasOrphans: boolean;
}

/**
 * T3a–T3d for many attempts: only where the fence is still theirs; what does not return goes to T3s. Locks in id order; the
 * ids stand beside each join, so that only their months are read, and nothing else of them: planned once, months would be read whole. A message that would fail while an earlier attempt of it is abandoned ends unknown: that one may have gone through.
 * Conditions stand in a CASE where Postgres would otherwise expect one row, and read all of them once for each.
 * $15, $16: grace before an uncertain attempt may be resolved, ms, for at_least_once and at_most_once.
 */
const SETTLE_ATTEMPTS: Statement = {
  name: 'settle-attempts',
  plan: 'generic',
  sql: `
WITH r AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::text[], $9::smallint[], $10::boolean[],
    $11::int[], $12::text[], $13::int[], $14::uuid[], $17::uuid[])
    r(id, fence, no, state, attempt, reason, uses_fallback, wamid, http_status, http_2xx, error_code, detail, delay_ms, event_id, awaits_target)
), l AS MATERIALIZED (
  SELECT r.*, CASE WHEN r.state = 'failed' AND EXISTS (SELECT 1 FROM attempt t WHERE t.message_id = r.id AND t.message_id = ANY($1::uuid[]) AND t.state = 'abandoned')
      THEN 'unknown' ELSE r.state END AS final_state
  FROM (SELECT * FROM r ORDER BY id) r CROSS JOIN LATERAL (SELECT FROM message m WHERE m.id = r.id AND m.id = ANY($1::uuid[]) FOR UPDATE) m
), m AS (
  UPDATE message d SET state = l.final_state,
    reason = CASE WHEN l.final_state = 'unknown' THEN 'earlier_attempt_unproven' ELSE l.reason END,
    uses_fallback = d.uses_fallback OR l.uses_fallback,
    lease_until = NULL, lease_owner = NULL, fed_at = NULL,
    next_attempt_at = CASE WHEN l.final_state = 'queued' THEN now() + l.delay_ms * interval '1 ms' END,
    burned = d.burned + (l.attempt IN ('rejected_retryable', 'rejected_permanent', 'uncertain'))::int,
    not_sent = CASE WHEN l.attempt = 'not_sent' THEN d.not_sent + 1 ELSE 0 END,
    error_code = l.error_code, awaits_target = l.awaits_target, updated_at = now()
  FROM l WHERE d.id = l.id AND d.id = ANY($1::uuid[]) AND CASE WHEN d.fence = l.fence AND d.state = 'sending' THEN true ELSE false END
  RETURNING d.id, d.client_id, d.policy, d.next_attempt_at, d.reason AS final_reason, l.no, l.final_state, l.attempt, l.wamid, l.http_status, l.http_2xx, l.error_code, l.detail, l.event_id
), a AS (
  UPDATE attempt t SET state = m.attempt, wamid = m.wamid, http_status = m.http_status, http_2xx = m.http_2xx, error_code = m.error_code, detail = m.detail,
    ended_at = clock_timestamp(),
    uncertain_since = CASE WHEN m.attempt = 'uncertain' THEN clock_timestamp() END,
    resolve_after = CASE WHEN m.attempt = 'uncertain' THEN now() + (CASE m.policy WHEN 'at_most_once' THEN $16 ELSE $15 END)::int * interval '1 ms' END
  FROM m WHERE t.message_id = m.id AND t.message_id = ANY($1::uuid[]) AND t.no = m.no AND CASE WHEN t.state = 'started' THEN true ELSE false END
), e AS (
  INSERT INTO event (id, client_id, type, message_id, payload)
  SELECT event_id, client_id, 'message.' || final_state, id, jsonb_strip_nulls(jsonb_build_object(
    'by', 'worker', 'reason', final_reason, 'attempt', no, 'outcome', attempt, 'code', error_code, 'until', next_attempt_at))
  FROM m
)
SELECT m.id AS "messageId", m.no AS "attemptNo", m.final_state AS state,
  m.wamid IS NOT NULL AND EXISTS (SELECT 1 FROM orphan_status o WHERE o.wamid = m.wamid) AS "hasOrphans"
FROM m`,
};

/** @returns the settlements that took effect; the others lost their fence. */
export function settleAttempts(tx: Tx, settlements: readonly Settlement[], grace: Grace): Promise<Settled[]> {
  const column = <T>(read: (settlement: Settlement) => T) => settlements.map(read);
  return tx.query<Settled>(SETTLE_ATTEMPTS, [
    column(({ messageId }) => messageId),
    column(({ fence }) => fence),
    column(({ attemptNo }) => attemptNo),
    column(({ state }) => state),
    column(({ attempt }) => attempt),
    column(({ reason }) => reason),
    column(({ usesFallback }) => usesFallback),
    column(({ wamid }) => wamid),
    column(({ httpStatus }) => httpStatus),
    column(({ http2xx }) => http2xx),
    column(({ errorCode }) => errorCode),
    column(({ detail }) => detail),
    column(({ delayMs }) => (delayMs === null ? null : Math.round(delayMs))),
    column(({ eventId }) => eventId),
    grace.atLeastOnceMs,
    grace.atMostOnceMs,
    column(({ awaitsTarget }) => awaitsTarget),
  ]);
}
