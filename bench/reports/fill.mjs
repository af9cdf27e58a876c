import { performance } from 'node:perf_hooks';
import pg from 'pg';

const BATCH = 100_000;
const DAYS = 30;
const CLIENTS = 20;
const SENDERS = 10;

/** $1 to $2: numbers of messages; $3: how many there are in all; $4: when the first was taken. */
const MESSAGES = `
CREATE TEMP TABLE batch ON COMMIT DROP AS
SELECT i, at, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(i % 4096), 3, '0') || '8' || lpad(to_hex(i / 4096), 15, '0'))::uuid AS id,
  client, md5('client' || client)::uuid AS client_id, 'template_' || (client * 2 + i / ${CLIENTS} % 2) AS template,
  (800000000000000 + (client + i / 97 % 2) % ${SENDERS})::text AS sender, market, prefix || (10000000 + i::bigint * 7919 % 400000) AS recipient,
  (ARRAY['marketing', 'utility', 'authentication'])[1 + client % 3] AS category, i % 100 AS story
FROM (
  SELECT i, $4::timestamptz + i * (interval '${DAYS} days' / $3::int) AS at, i % ${CLIENTS} AS client,
    (ARRAY['Germany', 'Germany', 'Germany', 'Brazil', 'India', 'France'])[1 + i / 7 % 6] AS market,
    (ARRAY['4915', '4916', '4917', '5511', '9198', '3361'])[1 + i / 7 % 6] AS prefix
  FROM generate_series($1::int, $2::int) i
) s`;

const FILL = [
  `INSERT INTO message (id, client_id, phone_number_id, recipient, country, type, category, category_source, priority, policy, state, reason, fence, attempt_no, next_attempt_at, expires_at,
    wa_rank, sent_at, delivered_at, read_at, failed_at, error_code, wa_error_code, created_at, updated_at)
  SELECT id, client_id, sender, recipient, 'DE', 'template', category, 'given', 1, 'at_least_once', CASE WHEN story < 2 THEN 'failed' ELSE 'accepted' END,
    CASE WHEN story < 2 THEN 'rejected' ELSE 'answered' END, 1, 1, NULL, at + interval '1 day',
    CASE WHEN story < 2 THEN 0 WHEN story < 4 THEN 3 WHEN story < 8 THEN 2 WHEN story < 55 THEN 4 ELSE 5 END,
    CASE WHEN story >= 2 THEN at + interval '1 s' END, CASE WHEN story >= 8 THEN at + (2 + i % 60) * interval '1 s' END,
    CASE WHEN story >= 55 THEN at + (60 + i % 9000) * interval '1 s' END, CASE WHEN story IN (2, 3) THEN at + interval '5 s' END,
    CASE WHEN story < 2 THEN 132001 END, CASE story WHEN 2 THEN 131026 WHEN 3 THEN 131049 END, at, at FROM batch`,
  `INSERT INTO message_content (id, content, tags, client_reference)
  SELECT id, jsonb_build_object('type', 'template', 'template', jsonb_build_object('name', template, 'language', jsonb_build_object('code', 'en'),
    'components', jsonb_build_array(jsonb_build_object('type', 'body', 'parameters', jsonb_build_array(jsonb_build_object('type', 'text', 'text', 'order ' || i)))))),
    ARRAY['order-' || i], CASE WHEN i % 10 = 0 THEN 'order-' || i END FROM batch`,
  `INSERT INTO attempt (message_id, no, fence, state, http_status, http_2xx, wamid, error_code, started_at, ended_at)
  SELECT id, 1, 1, CASE WHEN story < 2 THEN 'rejected_permanent' ELSE 'accepted' END, 200, story >= 2, CASE WHEN story >= 2 THEN 'wamid.' || md5(i::text) END,
    CASE WHEN story < 2 THEN 132001 END, at, at + interval '100 ms' FROM batch`,
  `INSERT INTO idempotency_key (client_id, key, hash, status, response, message_ids, created_at)
  SELECT client_id, 'ref:order-' || i, sha256(i::text::bytea), 202, '{}', ARRAY[id], at FROM batch WHERE i % 10 = 0`,
  `INSERT INTO charge (wamid, message_id, attempt_no, client_id, phone_number_id, waba_id, portfolio_id, recipient, market, pricing_category, pricing_type, pricing_model, era, category,
    charged_at, day, month, currency, mark, card_id, rate_micros, amount_micros, created_at, updated_at)
  SELECT 'wamid.' || md5(i::text), id, 1, client_id, sender, 'waba', 'portfolio', recipient, market, category, 'regular', 'PMP', 'pmp_1', category,
    at + interval '5 s', ((at + interval '5 s') AT TIME ZONE 'Europe/Berlin')::date, date_trunc('month', (at + interval '5 s') AT TIME ZONE 'Europe/Berlin')::date, 'EUR', 'rated',
    '00000000-0000-7000-8000-000000000001', 50000 + length(market), 50000 + length(market), at, at FROM batch WHERE story >= 8`,
];

/** Generates the messages, with contents, attempts, references and charges. @returns what can be looked for */
export async function fillDatabase(url, messages, progress) {
  const client = new pg.Client({ connectionString: url, options: '-c timezone=UTC' });
  await client.connect();
  await client.query(`SET session_replication_role = replica; SET work_mem = '64MB'`);
  await client.query(
    `INSERT INTO waba (id, portfolio_id, currency, timezone) VALUES ('waba', 'portfolio', 'EUR', 'Europe/Berlin')`,
  );
  await client.query(
    `INSERT INTO access_token (id, app_id, fingerprint, ciphertext) VALUES ('00000000-0000-7000-8000-000000000001', 'app', '\\x00', 'none')`,
  );
  await client.query(
    `INSERT INTO sender (phone_number_id, waba_id, access_token_id) SELECT (800000000000000 + i)::text, 'waba', '00000000-0000-7000-8000-000000000001' FROM generate_series(0, ${SENDERS - 1}) i`,
  );
  await client.query(
    `INSERT INTO client (id, name) SELECT md5('client' || i)::uuid, 'client ' || i FROM generate_series(0, ${CLIENTS - 1}) i`,
  );
  await client.query(`SELECT ensure_partitions(timestamptz '2026-06-01')`);
  const startedAt = performance.now();
  const first = '2026-06-01T00:00:00Z';
  for (let from = 1; from <= messages; from += BATCH) {
    const to = Math.min(from + BATCH - 1, messages);
    await client.query('BEGIN');
    await client.query(MESSAGES, [from, to, messages, first]);
    for (const sql of FILL) await client.query(sql);
    await client.query('COMMIT');
    progress(`${to} messages after ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  }
  // What the migration does for messages that are there already.
  await client.query(
    `INSERT INTO hour_touched (subject, hour) SELECT DISTINCT 'message', reporting.hour_of(id) FROM message UNION ALL SELECT DISTINCT 'charge', date_bin('1 hour', charged_at, '2000-01-01T00:00:00Z') FROM charge`,
  );
  for (const table of ['message', 'message_content', 'attempt', 'idempotency_key', 'charge'])
    await client.query(`VACUUM ANALYZE ${table}`);
  // One that was delivered.
  const middle = Math.floor(messages / 200) * 100 + 60;
  const { rows } = await client.query(
    `SELECT m.id, m.client_id AS "clientId", m.recipient, a.wamid FROM idempotency_key k JOIN message m ON m.id = k.message_ids[1] JOIN attempt a ON a.message_id = m.id WHERE k.key = $1`,
    [`ref:order-${middle}`],
  );
  await client.end();
  return { ...rows[0], clientReference: `order-${middle}`, from: '2026-06-01', to: '2026-06-30' };
}
