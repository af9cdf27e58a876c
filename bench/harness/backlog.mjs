import { CLIENT, senderOf, WABA } from './herald.mjs';

/** Queued messages as T0 leaves them, over all senders, each to somebody else. */
const QUEUED = `
WITH m AS (
  INSERT INTO message (id, client_id, phone_number_id, recipient, type, priority, policy, expires_at)
  SELECT uuidv7(), '${CLIENT}', (${senderOf(0)} + i % 20)::text, (15552000000 + i)::text, 'text', 1, 'at_least_once', now() + interval '1 day'
  FROM generate_series($1::int, $2::int) i RETURNING id
), c AS (
  INSERT INTO message_content (id, content) SELECT id, '{"type":"text","text":{"body":"Your table is ready"}}' FROM m
)
INSERT INTO event (id, client_id, type, message_id, payload)
SELECT uuidv7(), '${CLIENT}', 'message.queued', id, '{"by":"api"}' FROM m`;

/** Messages that Meta has taken, with the attempt and the id that statuses will name. */
const ACCEPTED = `
WITH m AS (
  INSERT INTO message (id, client_id, phone_number_id, recipient, type, priority, policy, state, fence, attempt_no, next_attempt_at, expires_at)
  SELECT uuidv7(), '${CLIENT}', '${senderOf(0)}', (15552000000 + i)::text, 'text', 1, 'at_least_once', 'accepted', 1, 1, NULL, now() + interval '1 day'
  FROM generate_series($1::int, $2::int) i RETURNING id, recipient
), c AS (
  INSERT INTO message_content (id, content) SELECT id, '{"type":"text","text":{"body":"Your table is ready"}}' FROM m
), a AS (
  INSERT INTO attempt (message_id, no, fence, state, http_status, wamid, started_at, ended_at)
  SELECT id, 1, 1, 'accepted', 200, 'wamid.' || id, now(), now() FROM m
)
SELECT id, recipient FROM m`;

/**
 * Messages of the past year that were delivered and read, with what was written of them: what was charged, and a notification for each
 * six, which told of 18 statuses. Contacts are left out: they grow with customers. $1 first, $2 last, $3 all of them.
 */
const HISTORY = `
WITH m AS (
  INSERT INTO message (id, client_id, phone_number_id, recipient, type, priority, policy, state, fence, attempt_no, next_attempt_at, expires_at,
    wa_rank, sent_at, delivered_at, read_at, created_at, updated_at)
  SELECT uuidv7(ago), '${CLIENT}', (${senderOf(0)} + i % 20)::text, (15552000000 + i)::text, 'text', 1, 'at_least_once', 'accepted', 1, 1, NULL,
    now() + ago + interval '1 day', 5, now() + ago, now() + ago, now() + ago, now() + ago, now() + ago
  FROM generate_series($1::int, $2::int) i, LATERAL (SELECT (i - $3::int) * (interval '365 days' / $3::int) AS ago) a
  RETURNING id, recipient, created_at
), c AS (
  INSERT INTO message_content (id, content) SELECT id, '{"type":"text","text":{"body":"Your table is ready"}}' FROM m
), a AS (
  INSERT INTO attempt (message_id, no, fence, state, http_status, wamid, started_at, ended_at)
  SELECT id, 1, 1, 'accepted', 200, 'wamid.' || id, created_at, created_at FROM m
), s AS (
  INSERT INTO status_event (message_id, attempt_no, recipient, status, ts, code, rank, inbox_id, event_id, client_id)
  SELECT m.id, 1, m.recipient, v.status, extract(epoch FROM m.created_at)::bigint, 0, v.rank, m.id, m.id, '${CLIENT}'
  FROM m, (VALUES ('sent', 2), ('delivered', 4), ('read', 5)) v(status, rank)
), g AS (
  INSERT INTO charge (wamid, message_id, attempt_no, client_id, phone_number_id, waba_id, portfolio_id, recipient, pricing_category,
    pricing_type, pricing_model, era, charged_at, day, month, currency, mark, because)
  SELECT 'wamid.' || m.id, m.id, 1, '${CLIENT}', '${senderOf(0)}', w.id, w.portfolio_id, m.recipient, 'service',
    'free_customer_service', 'PMP', 'pmp_2', m.created_at, m.created_at::date, date_trunc('month', m.created_at)::date, w.currency, 'free',
    'free_customer_service'
  FROM m JOIN waba w ON w.id = '${WABA}'
), i AS (
  INSERT INTO inbox (id, raw, sha256, received_at)
  SELECT uuidv7(created_at - now()), convert_to(repeat(id::text, 100), 'UTF8'), sha256(uuid_send(id)), created_at FROM m
  WHERE right(recipient, 6)::int % 6 = 0 RETURNING sha256
), h AS (
  INSERT INTO inbox_hash SELECT sha256 FROM i
)
INSERT INTO event (id, client_id, type, message_id, payload)
SELECT uuidv7(created_at - now()), '${CLIENT}', v.type, id, '{"by":"meta"}'
FROM m, (VALUES ('message.queued'), ('message.sending'), ('message.accepted'), ('message.sent'), ('message.delivered'), ('message.read')) v(type)`;

/** Bytes that a message of the past takes with all its rows and indexes, about. */
export const HISTORY_BYTES = 5_000;

const BATCH = 50_000;

/** Writes `count` queued messages straight into the tables. */
export async function addQueued(query, count) {
  for (let from = 1; from <= count; from += BATCH) await query(QUEUED, [from, Math.min(from + BATCH - 1, count)]);
  await query('ANALYZE message');
}

/** Writes `count` accepted messages. @returns their ids and recipients */
export async function addAccepted({ query, writePast }, count, first = 1) {
  const rows = [];
  for (let from = 0; from < count; from += BATCH)
    rows.push(...(await writePast(ACCEPTED, [first + from, first + Math.min(from + BATCH, count) - 1])));
  await query('ANALYZE message, attempt');
  return rows;
}

/** Writes `count` messages of the past year, each into its month. `say` is told how far it is, some twenty times. */
export async function addHistory({ query, writePast }, count, say) {
  await query(
    `SELECT ensure_partitions(m) FROM generate_series(now() - interval '1 year', now(), interval '1 month') m`,
  );
  const sayEach = Math.ceil(count / BATCH / 20) * BATCH;
  for (let from = 1; from <= count; from += BATCH) {
    await writePast(HISTORY, [from, Math.min(from + BATCH - 1, count), count]);
    if ((from - 1) % sayEach === 0) say(`${from - 1} of ${count} messages of the past`);
  }
  // Whoever looks for silent messages has been through these long ago.
  await query(
    `INSERT INTO sweep_mark (name, event_id) SELECT 'presumed_dropped:other', id FROM event ORDER BY id DESC LIMIT 1`,
  );
  await tidy({ query });
}

/** Does what writing many rows leaves to do, which is not part of what is measured. */
export async function tidy({ query }) {
  await query('VACUUM ANALYZE');
  await query('CHECKPOINT');
}
