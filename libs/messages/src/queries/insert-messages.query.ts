import type { Statement, Tx } from '#persistence';
import type { Estimate } from '#pricing';
import { PRIORITIES } from '#queues';
import type { Priority, TemplateCategory } from '../domain/message.js';

/** One message to insert, with its keys. Ids and event ids are made in the app; times left out are the database's. */
export interface NewMessage {
  id: string;
  eventId: string;
  clientId: string;
  phoneNumberId: string;
  recipient: string;
  recipientKind: string;
  /** As the caller wrote it. */
  recipientInput: string;
  country: string | null;
  api: string;
  type: string;
  category: TemplateCategory | null;
  categorySource: string | null;
  priority: Priority;
  policy: string;
  content: object;
  tags: string[];
  clientReference: string | null;
  clientCallbackData: string | null;
  windowFallback: object | null;
  /** Of the template that it is; null for none. Not stored: for the estimate. */
  fallbackCategory: TemplateCategory | null;
  windowPolicy: string;
  /** upload, or null. */
  mediaMode: string | null;
  sendAt: Date | null;
  expiresAt: Date | null;
  ttlMs: number;
  idempotency: { key: string; hash: Buffer } | null;
  /** What it may cost; null until that is known. */
  estimate: Estimate | null;
  /** The response to keep; `createdAt` and `expiresAt` are added by the database. */
  response: object;
}

/** CTE p: the rows of `messageColumns`, each with its full response, in the order of its keys. */
export const MESSAGE_ROWS = `r AS MATERIALIZED (
  SELECT v.*,
    coalesce(v.expires_at, GREATEST(now(), v.send_at) + v.ttl_ms * interval '1 ms') AS final_expires_at
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::smallint[], $10::text[],
    $11::jsonb[], $12::jsonb[], $13::text[], $14::text[], $15::jsonb[], $16::text[], $17::timestamptz[], $18::timestamptz[], $19::bigint[],
    $20::text[], $21::bytea[], $22::jsonb[], $24::text[], $25::text[], $26::text[], $27::text[], $28::text[], $29::jsonb[])
    v(id, event_id, client_id, phone_number_id, recipient, type, category, category_source, priority, policy,
      content, tags, client_reference, client_callback_data, window_fallback, window_policy, send_at, expires_at, ttl_ms,
      key, hash, response, recipient_kind, recipient_input, country, api, media_mode, estimate)
  CROSS JOIN (SELECT set_config('lock_timeout', $23, true)) w
  ORDER BY client_id, key, client_reference
), p AS MATERIALIZED (
  SELECT r.*, r.response || jsonb_build_object(
    'createdAt', to_char(now()::timestamptz(3) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'expiresAt', to_char(r.final_expires_at::timestamptz(3) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) AS full_response
  FROM r
)`;

/** CTEs that insert content, event and message of the rows of CTE n. */
export const STORE_MESSAGES = `c AS (
  INSERT INTO message_content (id, content, tags, client_reference, client_callback_data, window_fallback, window_policy, recipient_input, media_mode, estimate)
  SELECT id, content, ARRAY(SELECT jsonb_array_elements_text(tags)), client_reference, client_callback_data, window_fallback, window_policy, recipient_input, media_mode, estimate FROM n
), e AS (
  INSERT INTO event (id, client_id, type, message_id, payload)
  SELECT event_id, client_id, 'message.queued', id, jsonb_build_object('by', 'api', 'reason', CASE WHEN send_at > now() THEN 'scheduled' ELSE 'new' END) FROM n
), m AS (
  INSERT INTO message (id, client_id, phone_number_id, recipient, recipient_kind, country, api, type, category, category_source, priority, policy, reason, next_attempt_at, expires_at)
  SELECT id, client_id, phone_number_id, recipient, recipient_kind, country, api, type, category, category_source, priority, policy,
    CASE WHEN send_at > now() THEN 'scheduled' ELSE 'new' END, GREATEST(now(), send_at), final_expires_at FROM n
)`;

/**
 * T0 for many messages: key, message, content and event together, or none. A used Idempotency-Key leaves its message out
 * (ON CONFLICT DO NOTHING waits for a transaction that holds the key); a used clientReference fails the statement with 23505,
 * so that the caller runs it row by row and no key row stays behind for a refused message. Keys are inserted in one order, so
 * that two statements cannot wait for each other. $23 = the longest wait for a key or reference that another transaction holds.
 */
const INSERT_MESSAGES: Statement = {
  name: 'insert-messages',
  plan: 'generic',
  sql: `
WITH ${MESSAGE_ROWS}, k AS (
  INSERT INTO idempotency_key (client_id, key, hash, status, response, message_ids)
  SELECT client_id, 'key:' || key, hash, 202, full_response, ARRAY[id] FROM p WHERE key IS NOT NULL
  ON CONFLICT DO NOTHING RETURNING message_ids[1] AS id
), n AS MATERIALIZED (
  SELECT * FROM p WHERE key IS NULL OR id IN (SELECT id FROM k)
), f AS (
  INSERT INTO idempotency_key (client_id, key, hash, status, response, message_ids)
  SELECT client_id, 'ref:' || client_reference, sha256(convert_to('ref:' || client_reference, 'UTF8')), 202, full_response, ARRAY[id]
  FROM n WHERE client_reference IS NOT NULL
), ${STORE_MESSAGES}
SELECT id, full_response AS response FROM n`,
};

/** @returns the response of each message that was inserted, by id; one that is missing met a used Idempotency-Key. */
export async function insertMessages(
  tx: Tx,
  messages: readonly NewMessage[],
  { keyWaitMs }: { keyWaitMs: number },
): Promise<Map<string, Record<string, unknown>>> {
  const rows = await tx.query<{ id: string; response: Record<string, unknown> }>(
    INSERT_MESSAGES,
    messageColumns(messages, keyWaitMs),
  );
  return new Map(rows.map(({ id, response }) => [id, response]));
}

/** $1 … $29 of a statement that uses MESSAGE_ROWS. */
export function messageColumns(messages: readonly NewMessage[], keyWaitMs: number): unknown[] {
  const column = <T>(read: (message: NewMessage) => T) => messages.map(read);
  return [
    column(({ id }) => id),
    column(({ eventId }) => eventId),
    column(({ clientId }) => clientId),
    column(({ phoneNumberId }) => phoneNumberId),
    column(({ recipient }) => recipient),
    column(({ type }) => type),
    column(({ category }) => category),
    column(({ categorySource }) => categorySource),
    column(({ priority }) => PRIORITIES.indexOf(priority)),
    column(({ policy }) => policy),
    column(({ content }) => JSON.stringify(content)),
    column(({ tags }) => JSON.stringify(tags)),
    column(({ clientReference }) => clientReference),
    column(({ clientCallbackData }) => clientCallbackData),
    column(({ windowFallback }) => windowFallback && JSON.stringify(windowFallback)),
    column(({ windowPolicy }) => windowPolicy),
    column(({ sendAt }) => sendAt),
    column(({ expiresAt }) => expiresAt),
    column(({ ttlMs }) => ttlMs),
    column(({ idempotency }) => idempotency?.key ?? null),
    column(({ idempotency }) => idempotency?.hash ?? null),
    column(({ response }) => JSON.stringify(response)),
    `${keyWaitMs}ms`,
    column(({ recipientKind }) => recipientKind),
    column(({ recipientInput }) => recipientInput),
    column(({ country }) => country),
    column(({ api }) => api),
    column(({ mediaMode }) => mediaMode),
    column(({ estimate }) => estimate && JSON.stringify(estimate)),
  ];
}
