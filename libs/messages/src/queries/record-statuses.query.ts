import { deleteSentMedia } from '#media';
import { monthBounds, newId, type Statement, type Tx } from '#persistence';
import type { AttemptStatus } from '../domain/attempt-status.js';
import { eraseDeletedContent } from './erase-content.query.js';

export type { AttemptStatus };

/** An attempt that a status proves to be accepted, but whose row, or whose message, does not say so yet. */
export interface UnprovenAttempt {
  messageId: string;
  attemptNo: number;
  wamid: string;
}

/**
 * Appends statuses and merges them into their messages: rank = the greatest, each time = the least, failure = the error with
 * the least (ts, code). The merge is a join, so order and repetition do not matter. An unknown attempt is left out by the JOIN.
 * A message that learns nothing is not written.
 * Messages are locked in id order. What is read once is handed on from step to step: steps joined with each other would be compared row by row. $16 = whether to
 * write events (a replay does not), $17 = ids for events that take the mark presumed_dropped away, $18 to $19: the months of the messages.
 */
const RECORD_STATUSES: Statement = {
  name: 'record-statuses',
  sql: `
WITH r AS MATERIALIZED (
  SELECT v.*, t.state AS attempt_state
  FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::smallint[], $6::bigint[], $7::int[], $8::text[], $9::text[], $10::text[],
    $11::text[], $12::jsonb[], $13::jsonb[], $14::uuid[], $15::uuid[], $17::uuid[])
    v(message_id, attempt_no, wamid, status, rank, ts, code, recipient, category, type, model, conversation, errors, inbox_id, event_id, clear_id)
  CROSS JOIN LATERAL (SELECT t.state FROM attempt t WHERE t.message_id = v.message_id AND t.no = v.attempt_no AND t.message_id BETWEEN $18 AND $19 LIMIT 1) t
), l AS MATERIALIZED (
  SELECT r.*, m.state, m.client_id, m.presumed_dropped_at IS NOT NULL AS is_presumed_dropped
  FROM r JOIN message m ON m.id = r.message_id AND m.id = ANY($1::uuid[]) ORDER BY m.id FOR UPDATE OF m
), g AS MATERIALIZED (
  SELECT message_id, (array_agg(client_id))[1] AS client_id, max(rank) AS rank, max(rank) >= 3 AND bool_or(is_presumed_dropped) AS clears,
    to_timestamp(min(ts) FILTER (WHERE status = 'sent')) AS sent_at,
    to_timestamp(min(ts) FILTER (WHERE status = 'delivered')) AS delivered_at,
    to_timestamp(min(ts) FILTER (WHERE status = 'read')) AS read_at,
    to_timestamp(min(ts) FILTER (WHERE status = 'played')) AS played_at,
    to_timestamp(min(ts) FILTER (WHERE status = 'failed')) AS failed_at,
    to_timestamp(min(ts) FILTER (WHERE status = 'deleted')) AS deleted_at,
    (array_agg(NULLIF(code, 0) ORDER BY ts, NULLIF(code, 0)) FILTER (WHERE status = 'failed'))[1] AS code,
    (array_agg(clear_id))[1] AS clear_id
  FROM l GROUP BY message_id
), i AS (
  INSERT INTO status_event (message_id, attempt_no, recipient, status, ts, code, rank, pricing_category, pricing_type, pricing_model,
    conversation, errors, inbox_id, event_id, client_id)
  SELECT message_id, attempt_no, recipient, status, ts, code, rank, category, type, model, conversation, errors, inbox_id, event_id, client_id FROM l
  ON CONFLICT DO NOTHING
  RETURNING message_id, attempt_no, status, ts, code, errors, event_id, client_id
), e AS (
  INSERT INTO event (id, client_id, type, message_id, payload)
  SELECT event_id, client_id, 'message.' || status, message_id,
    jsonb_strip_nulls(jsonb_build_object('by', 'meta', 'attempt', attempt_no, 'timestamp', ts, 'code', NULLIF(code, 0), 'errors', errors))
  FROM i WHERE $16
), c AS (
  INSERT INTO event (id, client_id, type, message_id, payload)
  SELECT clear_id, client_id, 'message.presumed_dropped_cleared', message_id, jsonb_build_object('by', 'meta') FROM g WHERE clears AND $16
), u AS (
  UPDATE message m SET
    wa_rank = GREATEST(m.wa_rank, g.rank),
    sent_at = LEAST(m.sent_at, g.sent_at),
    delivered_at = LEAST(m.delivered_at, g.delivered_at),
    read_at = LEAST(m.read_at, g.read_at),
    played_at = LEAST(m.played_at, g.played_at),
    deleted_at = LEAST(m.deleted_at, g.deleted_at),
    wa_error_code = CASE
      WHEN g.failed_at IS NULL OR g.failed_at > m.failed_at THEN m.wa_error_code
      WHEN g.failed_at = m.failed_at THEN LEAST(m.wa_error_code, g.code)
      ELSE g.code END,
    failed_at = LEAST(m.failed_at, g.failed_at),
    presumed_dropped_at = CASE WHEN g.rank >= 3 THEN NULL ELSE m.presumed_dropped_at END,
    updated_at = now()
  FROM g WHERE m.id = g.message_id AND m.id = ANY($1::uuid[]) AND (
    g.rank > m.wa_rank
    OR g.sent_at < coalesce(m.sent_at, 'infinity') OR g.delivered_at < coalesce(m.delivered_at, 'infinity')
    OR g.read_at < coalesce(m.read_at, 'infinity') OR g.played_at < coalesce(m.played_at, 'infinity')
    OR g.deleted_at < coalesce(m.deleted_at, 'infinity') OR g.failed_at < coalesce(m.failed_at, 'infinity')
    OR (g.failed_at = m.failed_at AND g.code < coalesce(m.wa_error_code, 2147483647))
    OR (g.rank >= 3 AND m.presumed_dropped_at IS NOT NULL))
)
SELECT DISTINCT ON (message_id, attempt_no) message_id AS "messageId", attempt_no AS "attemptNo", wamid
FROM l
WHERE state <> 'accepted' OR attempt_state <> 'accepted'
ORDER BY message_id, attempt_no, ts`,
};

/**
 * Records statuses of our attempts. What a deleted message said is erased, and the files that its links brought.
 * @returns attempts that these statuses prove and that are not accepted yet: T5/T8 are due for each, in the same transaction
 */
export async function recordStatuses(
  tx: Tx,
  statuses: readonly AttemptStatus[],
  { writeEvents = true } = {},
): Promise<UnprovenAttempt[]> {
  const column = <T>(read: (status: AttemptStatus) => T) => statuses.map(read);
  const unproven = await tx.query<UnprovenAttempt>(RECORD_STATUSES, [
    column(({ messageId }) => messageId),
    column(({ attemptNo }) => attemptNo),
    column(({ wamid }) => wamid),
    column(({ status }) => status),
    column(({ rank }) => rank),
    column(({ ts }) => ts),
    column(({ code }) => code),
    column(({ recipient }) => recipient),
    column(({ pricing }) => pricing?.category ?? null),
    column(({ pricing }) => pricing?.type ?? null),
    column(({ pricing }) => pricing?.model ?? null),
    column(({ conversation }) => conversation && JSON.stringify(conversation)),
    column(({ errors }) => errors && JSON.stringify(errors)),
    column(({ inboxId }) => inboxId),
    column(({ eventId }) => eventId),
    writeEvents,
    statuses.map(() => newId()),
    ...monthBounds(column(({ messageId }) => messageId)),
  ]);
  const deleted = statuses.flatMap(({ status, messageId }) => (status === 'deleted' ? [messageId] : []));
  if (deleted.length > 0) {
    await eraseDeletedContent(tx, deleted);
    await deleteSentMedia(tx, deleted);
  }
  return unproven;
}
