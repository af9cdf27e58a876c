import type { Statement, Tx } from '#persistence';

/** A message and its attempts, locked, message first (delivery protocol §3: every transaction locks in this order). */
export interface LockedMessage {
  messageId: string;
  clientId: string;
  state: string;
  burned: number;
  notSent: number;
  attempts: { no: number; state: string; wamid: string | null }[];
}

const LOCK_MESSAGE: Statement = {
  name: 'lock-message',
  sql: `SELECT id AS "messageId", client_id AS "clientId", state, burned, not_sent AS "notSent" FROM message WHERE id = $1 FOR UPDATE`,
};
const LOCK_ATTEMPTS: Statement = {
  name: 'lock-attempts',
  sql: `SELECT no, state, wamid FROM attempt WHERE message_id = $1 ORDER BY no FOR UPDATE`,
};

/** Null when there is no such message. */
export async function lockMessage(tx: Tx, messageId: string): Promise<LockedMessage | null> {
  const [message] = await tx.query<Omit<LockedMessage, 'attempts'>>(LOCK_MESSAGE, [messageId]);
  if (message === undefined) return null;
  return { ...message, attempts: await tx.query<LockedMessage['attempts'][number]>(LOCK_ATTEMPTS, [messageId]) };
}

const ABANDON_OTHERS: Statement = {
  name: 'abandon-other-attempts',
  sql: `
UPDATE attempt SET state = 'abandoned', ended_at = coalesce(ended_at, clock_timestamp())
WHERE message_id = $1 AND no <> $2 AND state IN ('started', 'uncertain')`,
};
/** An attempt that Graph refused and took all the same keeps its end (§4 lets nothing out of it) and gains its wamid. */
const ACCEPT_ATTEMPT: Statement = {
  name: 'accept-attempt',
  sql: `
UPDATE attempt SET state = CASE WHEN state IN ('started', 'uncertain', 'abandoned') THEN 'accepted' ELSE state END,
  wamid = $3, ended_at = coalesce(ended_at, clock_timestamp())
WHERE message_id = $1 AND no = $2 AND state <> 'accepted'`,
};
const ACCEPT_MESSAGE: Statement = {
  name: 'accept-message-by-evidence',
  sql: `
WITH m AS (
  UPDATE message SET state = 'accepted', reason = $3, fence = fence + 1, next_attempt_at = NULL, fed_at = NULL, lease_until = NULL, lease_owner = NULL,
    error_code = NULL, updated_at = now()
  WHERE id = $1 AND state NOT IN ('accepted', 'cancelled') RETURNING id, client_id
)
INSERT INTO event (id, client_id, type, message_id, payload)
SELECT $4, client_id, 'message.accepted', id, jsonb_build_object('by', $5::text, 'reason', $3::text, 'attempt', $2::int) FROM m`,
};

/** T5 and T8 for a locked message: the named attempt is accepted, other open ones are abandoned, the fence rises. */
export async function acceptByEvidence(
  tx: Tx,
  proof: { messageId: string; attemptNo: number; wamid: string; reason: string; by: string; eventId: string },
): Promise<void> {
  const { messageId, attemptNo, wamid, reason, by, eventId } = proof;
  await tx.query(ABANDON_OTHERS, [messageId, attemptNo]);
  await tx.query(ACCEPT_ATTEMPT, [messageId, attemptNo, wamid]);
  await tx.query(ACCEPT_MESSAGE, [messageId, attemptNo, reason, eventId, by]);
}

const INSERT_EVENT: Statement = {
  name: 'insert-event',
  sql: `INSERT INTO event (id, client_id, type, message_id, payload) VALUES ($1, $2, $3, $4, $5)`,
};

export async function insertEvent(
  tx: Tx,
  event: { id: string; clientId: string; type: string; messageId: string; payload: object },
): Promise<void> {
  await tx.query(INSERT_EVENT, [event.id, event.clientId, event.type, event.messageId, JSON.stringify(event.payload)]);
}

const MARK_2XX: Statement = {
  name: 'mark-http-2xx',
  sql: `UPDATE attempt SET http_2xx = true, http_status = $3 WHERE message_id = $1 AND no = $2 AND state IN ('uncertain', 'abandoned')`,
};

/** Keeps the 2xx line of an answer that came too late and proved no more: such an attempt is never sent again. */
export async function markHttp2xx(
  tx: Tx,
  messageId: string,
  attemptNo: number,
  httpStatus: number | null,
): Promise<void> {
  await tx.query(MARK_2XX, [messageId, attemptNo, httpStatus]);
}

const CLOSE_ATTEMPT: Statement = {
  name: 'close-attempt',
  sql: `
UPDATE attempt SET state = $3, http_status = $4, error_code = $5, detail = $6, ended_at = coalesce(ended_at, clock_timestamp())
WHERE message_id = $1 AND no = $2 AND state IN ('uncertain', 'abandoned') RETURNING no`,
};

/** Ends an attempt whose result came late and was a refusal. */
export async function closeAttempt(
  tx: Tx,
  end: {
    messageId: string;
    attemptNo: number;
    attempt: string;
    httpStatus: number | null;
    errorCode: number | null;
    detail: string | null;
  },
): Promise<void> {
  await tx.query(CLOSE_ATTEMPT, [end.messageId, end.attemptNo, end.attempt, end.httpStatus, end.errorCode, end.detail]);
}

const LEAVE_UNCERTAIN: Statement = {
  name: 'leave-uncertain',
  sql: `
WITH m AS (
  UPDATE message SET state = $2, reason = $3, fence = fence + 1, next_attempt_at = CASE WHEN $2 = 'queued' THEN now() + $4::int * interval '1 ms' END,
    uses_fallback = uses_fallback OR $5, not_sent = CASE WHEN $9 = 'not_sent' THEN not_sent + 1 ELSE 0 END,
    burned = burned - ($9 IN ('not_sent', 'throttled'))::int, error_code = $6, updated_at = now()
  WHERE id = $1 AND state = 'uncertain' RETURNING id, client_id, next_attempt_at
)
INSERT INTO event (id, client_id, type, message_id, payload)
SELECT $7, client_id, 'message.' || $2, id, jsonb_strip_nulls(jsonb_build_object('by', 'worker', 'reason', $3::text, 'attempt', $8::int, 'outcome', $9::text,
  'code', $6::int, 'until', next_attempt_at)) FROM m`,
};

/** T3s, `uncertain` → queued, failed or unknown: the late result says that the attempt was refused. What had burned for its lease and did not burn after all is given back. */
export async function leaveUncertain(
  tx: Tx,
  step: {
    messageId: string;
    attemptNo: number;
    state: string;
    reason: string;
    delayMs: number | null;
    usesFallback: boolean;
    errorCode: number | null;
    eventId: string;
    attempt: string;
  },
): Promise<void> {
  await tx.query(LEAVE_UNCERTAIN, [
    step.messageId,
    step.state,
    step.reason,
    step.delayMs,
    step.usesFallback,
    step.errorCode,
    step.eventId,
    step.attemptNo,
    step.attempt,
  ]);
}
