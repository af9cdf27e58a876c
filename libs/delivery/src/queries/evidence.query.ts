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

/** In the order of ids, as everything that locks messages. */
const LOCK_MESSAGES: Statement = {
  name: 'lock-messages',
  sql: `
SELECT id AS "messageId", client_id AS "clientId", state, burned, not_sent AS "notSent" FROM message WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
};
const LOCK_ATTEMPTS: Statement = {
  name: 'lock-attempts',
  sql: `
SELECT message_id AS "messageId", no, state, wamid FROM attempt WHERE message_id = ANY($1::uuid[]) ORDER BY message_id, no FOR UPDATE`,
};

/** Those that there are of these, by id. */
export async function lockMessages(tx: Tx, messageIds: readonly string[]): Promise<Map<string, LockedMessage>> {
  const rows = await tx.query<Omit<LockedMessage, 'attempts'>>(LOCK_MESSAGES, [messageIds]);
  const messages = new Map(rows.map((row) => [row.messageId, { ...row, attempts: [] as LockedMessage['attempts'] }]));
  if (messages.size === 0) return messages;
  const attempts = await tx.query<LockedMessage['attempts'][number] & { messageId: string }>(LOCK_ATTEMPTS, [
    [...messages.keys()],
  ]);
  for (const { messageId, ...attempt } of attempts) messages.get(messageId)?.attempts.push(attempt);
  return messages;
}

/** Null when there is no such message. */
export async function lockMessage(tx: Tx, messageId: string): Promise<LockedMessage | null> {
  return (await lockMessages(tx, [messageId])).get(messageId) ?? null;
}

/** Index: the primary key of attempt. */
const ABANDON_OTHERS: Statement = {
  name: 'abandon-other-attempts',
  sql: `
UPDATE attempt t SET state = 'abandoned', ended_at = coalesce(t.ended_at, clock_timestamp())
FROM unnest($1::uuid[], $2::smallint[]) v(message_id, no)
WHERE t.message_id = v.message_id AND t.no <> v.no AND t.state IN ('started', 'uncertain')`,
};
/** An attempt that Graph refused and took all the same keeps its end (§4 lets nothing out of it) and gains its wamid. */
const ACCEPT_ATTEMPTS: Statement = {
  name: 'accept-attempts',
  sql: `
UPDATE attempt t SET state = CASE WHEN t.state IN ('started', 'uncertain', 'abandoned') THEN 'accepted' ELSE t.state END,
  wamid = v.wamid, ended_at = coalesce(t.ended_at, clock_timestamp())
FROM unnest($1::uuid[], $2::smallint[], $3::text[]) v(message_id, no, wamid)
WHERE t.message_id = v.message_id AND t.no = v.no AND t.state <> 'accepted'`,
};
const ACCEPT_MESSAGES: Statement = {
  name: 'accept-messages-by-evidence',
  sql: `
WITH m AS (
  UPDATE message SET state = 'accepted', reason = v.reason, fence = fence + 1, next_attempt_at = NULL, fed_at = NULL, lease_until = NULL, lease_owner = NULL,
    error_code = NULL, updated_at = now()
  FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::uuid[], $5::text[]) v(message_id, no, reason, event_id, by)
  WHERE message.id = v.message_id AND message.state NOT IN ('accepted', 'cancelled')
  RETURNING message.id, message.client_id, v.no, v.reason, v.event_id, v.by
)
INSERT INTO event (id, client_id, type, message_id, payload)
SELECT event_id, client_id, 'message.accepted', id, jsonb_build_object('by', by, 'reason', reason, 'attempt', no) FROM m ORDER BY event_id`,
};

/** An attempt that was accepted, and by what it is known. */
export interface AcceptedProof {
  messageId: string;
  attemptNo: number;
  wamid: string;
  reason: string;
  by: string;
  eventId: string;
}

/**
 * T5 and T8 for locked messages: the named attempts are accepted, other open ones are abandoned, the fences rise.
 * @param proofs one a message
 */
export async function acceptByEvidence(tx: Tx, proofs: readonly AcceptedProof[]): Promise<void> {
  const column = <K extends keyof AcceptedProof>(name: K) => proofs.map((proof) => proof[name]);
  const [ids, numbers] = [column('messageId'), column('attemptNo')];
  await tx.query(ABANDON_OTHERS, [ids, numbers]);
  await tx.query(ACCEPT_ATTEMPTS, [ids, numbers, column('wamid')]);
  await tx.query(ACCEPT_MESSAGES, [ids, numbers, column('reason'), column('eventId'), column('by')]);
}

const INSERT_EVENTS: Statement = {
  name: 'insert-events',
  sql: `
INSERT INTO event (id, client_id, type, message_id, payload)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::jsonb[])`,
};

export async function insertEvents(
  tx: Tx,
  events: readonly { id: string; clientId: string; type: string; messageId: string; payload: object }[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.query(INSERT_EVENTS, [
    events.map(({ id }) => id),
    events.map(({ clientId }) => clientId),
    events.map(({ type }) => type),
    events.map(({ messageId }) => messageId),
    events.map(({ payload }) => JSON.stringify(payload)),
  ]);
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
    burned = burned - ($9 IN ('not_sent', 'throttled'))::int, error_code = $6, awaits_target = $10, updated_at = now()
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
    awaitsTarget: string | null;
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
    step.awaitsTarget,
  ]);
}
