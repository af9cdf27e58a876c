import type { Statement, Tx } from '#persistence';
import type { MessageState } from '../../domain/message.js';

/** One redrive of some messages: who wants it, and why. */
export interface Redrive {
  messageIds: string[];
  eventIds: string[];
  /** States from which they may be taken. */
  states: MessageState[];
  /** Their new end; null: their time to live once more, from now on. */
  expiresAt: Date | null;
  ttlMs: { authentication: number; other: number };
  by: 'api' | 'operator';
  keyId: string | null;
  why: string | null;
}

/** How a message stood when it was to be redriven. */
export interface RedriveOutcome {
  messageId: string;
  state: MessageState;
  isRedriven: boolean;
}

/**
 * T11 for many messages: ended ones are queued again with a new fence, new counters and a new life, unless an attempt is open.
 * Their next attempts have the next numbers. Locks in id order, by the primary key.
 */
const REDRIVE_MESSAGES: Statement = {
  name: 'redrive-messages',
  sql: `
WITH l AS MATERIALIZED (
  SELECT m.id, m.state, (SELECT true FROM attempt t WHERE t.message_id = m.id AND t.state IN ('started', 'uncertain') LIMIT 1) IS TRUE AS is_open
  FROM message m WHERE m.id = ANY($1::uuid[]) ORDER BY m.id FOR UPDATE OF m
), u AS (
  UPDATE message m SET state = 'queued', reason = 'redriven', fence = m.fence + 1, burned = 0, not_sent = 0, error_code = NULL,
    next_attempt_at = now(), fed_at = NULL, updated_at = now(),
    expires_at = coalesce($4::timestamptz, now() + (CASE m.category WHEN 'authentication' THEN $5::bigint ELSE $6::bigint END) * interval '1 ms')
  FROM l WHERE m.id = l.id AND m.id = ANY($1::uuid[]) AND l.state = ANY($3::text[]) AND NOT l.is_open
  RETURNING m.id, m.client_id, m.attempt_no, l.state AS was
), e AS (
  INSERT INTO event (id, client_id, type, message_id, payload)
  SELECT v.event_id, u.client_id, 'message.queued', u.id, jsonb_strip_nulls(jsonb_build_object(
    'by', $7::text, 'reason', 'redriven', 'attempt', u.attempt_no, 'was', u.was, 'keyId', $8::text, 'because', $9::text))
  FROM u JOIN unnest($1::uuid[], $2::uuid[]) v(id, event_id) ON v.id = u.id
)
SELECT l.id AS "messageId", l.state, EXISTS (SELECT 1 FROM u WHERE u.id = l.id) AS "isRedriven" FROM l`,
};

/** @returns a row for each message that exists */
export function redriveMessages(tx: Tx, redrive: Redrive): Promise<RedriveOutcome[]> {
  const { messageIds, eventIds, states, expiresAt, ttlMs, by, keyId, why } = redrive;
  return tx.query<RedriveOutcome>(REDRIVE_MESSAGES, [
    messageIds,
    eventIds,
    states,
    expiresAt,
    ttlMs.authentication,
    ttlMs.other,
    by,
    keyId,
    why,
  ]);
}
