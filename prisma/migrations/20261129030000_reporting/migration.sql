-- Reports: hours that are counted once and counted anew when something in them changes, and the documented views of schema reporting,
-- which the role herald_reporting may read and nothing else. Figures are exact at any time: an hour that was touched and not counted
-- since is counted by the view itself.
-- CreateTable
CREATE TABLE "hour_touched" (
    "id" BIGSERIAL NOT NULL,
    "subject" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "hour_touched_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery_hour" (
    "day" DATE NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "client_id" UUID NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "failure" TEXT NOT NULL,
    "messages" INTEGER NOT NULL,
    "waiting" INTEGER NOT NULL,
    "accepted" INTEGER NOT NULL,
    "sent" INTEGER NOT NULL,
    "delivered" INTEGER NOT NULL,
    "read" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "expired" INTEGER NOT NULL,
    "cancelled" INTEGER NOT NULL,
    "unknown" INTEGER NOT NULL,

    CONSTRAINT "delivery_hour_pkey" PRIMARY KEY ("day","hour","client_id","phone_number_id","template","category","failure")
);

-- CreateTable
CREATE TABLE "latency_hour" (
    "day" DATE NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "client_id" UUID NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "seconds" INTEGER NOT NULL,
    "messages" INTEGER NOT NULL,

    CONSTRAINT "latency_hour_pkey" PRIMARY KEY ("day","hour","client_id","phone_number_id","category","step","seconds")
);

-- CreateTable
CREATE TABLE "cost_hour" (
    "day" DATE NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "client_id" UUID NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "waba_id" TEXT NOT NULL,
    "market" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "mark" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "messages" INTEGER NOT NULL,
    "amount_micros" BIGINT NOT NULL,

    CONSTRAINT "cost_hour_pkey" PRIMARY KEY ("day","hour","client_id","phone_number_id","waba_id","market","category","mark","template","currency")
);

-- CreateIndex
CREATE INDEX "charge_charged_at_idx" ON "charge"("charged_at");

ALTER TABLE "hour_touched"
  ADD CONSTRAINT "hour_touched_subject" CHECK (subject IN ('message', 'charge')),
  ADD CONSTRAINT "hour_touched_is_an_hour" CHECK (hour = date_bin('1 hour', hour, '2000-01-01T00:00:00Z')),
  SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000);
ALTER TABLE "delivery_hour"
  ADD CONSTRAINT "delivery_hour_adds_up" CHECK (waiting + accepted + expired + cancelled + unknown <= messages AND read <= delivered AND delivered <= sent AND (failed > 0) = (failure <> ''));
ALTER TABLE "latency_hour" ADD CONSTRAINT "latency_hour_step" CHECK (step IN ('delivered', 'read') AND seconds >= 0);

CREATE SCHEMA "reporting";
COMMENT ON SCHEMA "reporting" IS 'Herald reports, version 1. A column is never taken away or given another meaning within a version. Days are of the WABA''s own time zone, instants timestamptz, amounts micro-units (millionths) of the currency beside them. No tokens, keys, message texts or phone numbers of contacts.';

CREATE FUNCTION "reporting"."hour_of"("id" uuid) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT date_bin('1 hour', to_timestamp(('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0), '2000-01-01T00:00:00Z')
$$;
COMMENT ON FUNCTION "reporting"."hour_of" IS 'The hour (UTC) in which the UUIDv7 of a message was made.';
CREATE FUNCTION "reporting"."id_at"("at" timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;
COMMENT ON FUNCTION "reporting"."id_at" IS 'The least id that a message of that instant can have: a range of ids is a range of time.';

-- ── What was touched ────────────────────────────────────────────────────────────────────────────────────────────────────
-- Each transition and each status of a message is an event, a status also a status_event (a replay writes no events): one row a statement.
CREATE FUNCTION "touch_message_hours"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hour_touched (subject, hour)
  SELECT DISTINCT 'message', reporting.hour_of(message_id) FROM changed WHERE substr(message_id::text, 15, 1) = '7';
  RETURN NULL;
END $$;
CREATE TRIGGER "event_touches_hour" AFTER INSERT ON "event"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "touch_message_hours"();
CREATE TRIGGER "status_event_touches_hour" AFTER INSERT ON "status_event"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "touch_message_hours"();

-- A charge may move to another hour: it is taken from the old one, too.
CREATE FUNCTION "touch_charge_hours"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hour_touched (subject, hour) SELECT DISTINCT 'charge', date_bin('1 hour', charged_at, '2000-01-01T00:00:00Z') FROM changed;
  RETURN NULL;
END $$;
CREATE TRIGGER "charge_insert_touches_hour" AFTER INSERT ON "charge"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "touch_charge_hours"();
CREATE TRIGGER "charge_update_touches_hour" AFTER UPDATE ON "charge"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "touch_charge_hours"();
CREATE TRIGGER "charge_update_touches_old_hour" AFTER UPDATE ON "charge"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "touch_charge_hours"();
CREATE TRIGGER "charge_delete_touches_hour" AFTER DELETE ON "charge"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "touch_charge_hours"();

-- What is there already is counted by the workers that come next.
INSERT INTO hour_touched (subject, hour)
SELECT DISTINCT 'message', reporting.hour_of(id) FROM message WHERE substr(id::text, 15, 1) = '7'
UNION ALL SELECT DISTINCT 'charge', date_bin('1 hour', charged_at, '2000-01-01T00:00:00Z') FROM charge;

-- ── Touched hours, counted from the rows ────────────────────────────────────────────────────────────────────────────────
-- The one place that says what is counted: rollups are filled from these views, and reports add them to the rollups.
CREATE VIEW "message_outcome" AS
SELECT m.id, m.client_id, m.phone_number_id, m.state, m.sent_at, m.delivered_at, m.read_at, m.played_at,
  coalesce(m.category, '') AS category,
  (m.created_at AT TIME ZONE coalesce(w.timezone, 'UTC'))::date AS day,
  coalesce(CASE WHEN m.uses_fallback THEN c.window_fallback ELSE c.content END -> 'template' ->> 'name', '') AS template,
  c.tags,
  m.sent_at IS NOT NULL OR m.wa_rank >= 4 AS is_sent,
  m.wa_rank >= 4 AS is_delivered,
  m.wa_rank >= 5 AS is_read,
  f.is_failed,
  CASE WHEN NOT f.is_failed THEN ''
    ELSE coalesce((CASE WHEN m.wa_rank = 3 THEN m.wa_error_code ELSE m.error_code END)::text, CASE m.state WHEN 'failed' THEN m.reason ELSE 'failed' END) END AS failure
FROM message m
CROSS JOIN LATERAL (SELECT m.wa_rank < 4 AND (m.state = 'failed' OR (m.state = 'accepted' AND m.wa_rank = 3)) AS is_failed) f
LEFT JOIN message_content c ON c.id = m.id
LEFT JOIN sender s ON s.phone_number_id = m.phone_number_id
LEFT JOIN waba w ON w.id = s.waba_id;

-- LATERAL, so that each hour is read by its range of an index, and none without marks is read at all.
CREATE VIEW "touched_delivery_hour" AS
SELECT c.day, h.hour, c.client_id, c.phone_number_id, c.template, c.category, c.failure,
  c.messages, c.waiting, c.accepted, c.sent, c.delivered, c.read, c.failed, c.expired, c.cancelled, c.unknown
FROM (SELECT DISTINCT hour FROM hour_touched WHERE subject = 'message') h
CROSS JOIN LATERAL (
  SELECT m.day, m.client_id, m.phone_number_id, m.template, m.category, m.failure,
    count(*)::int AS messages,
    (count(*) FILTER (WHERE m.state IN ('queued', 'sending', 'uncertain')))::int AS waiting,
    (count(*) FILTER (WHERE m.state = 'accepted'))::int AS accepted,
    (count(*) FILTER (WHERE m.is_sent))::int AS sent,
    (count(*) FILTER (WHERE m.is_delivered))::int AS delivered,
    (count(*) FILTER (WHERE m.is_read))::int AS read,
    (count(*) FILTER (WHERE m.is_failed))::int AS failed,
    (count(*) FILTER (WHERE m.state = 'expired'))::int AS expired,
    (count(*) FILTER (WHERE m.state = 'cancelled'))::int AS cancelled,
    (count(*) FILTER (WHERE m.state = 'unknown'))::int AS unknown
  FROM message_outcome m
  WHERE m.id >= reporting.id_at(h.hour) AND m.id < reporting.id_at(h.hour + interval '1 hour')
  GROUP BY m.day, m.client_id, m.phone_number_id, m.template, m.category, m.failure
) c;

CREATE VIEW "touched_latency_hour" AS
SELECT c.day, h.hour, c.client_id, c.phone_number_id, c.category, c.step, c.seconds, c.messages
FROM (SELECT DISTINCT hour FROM hour_touched WHERE subject = 'message') h
CROSS JOIN LATERAL (
  SELECT m.day, m.client_id, m.phone_number_id, m.category, v.step,
    CASE WHEN t.s < 100 THEN t.s ELSE (ceil(t.s / 10 ^ (length(t.s::text) - 2)) * 10 ^ (length(t.s::text) - 2))::int END AS seconds,
    count(*)::int AS messages
  FROM message_outcome m
  CROSS JOIN LATERAL (VALUES ('delivered', LEAST(m.delivered_at, m.read_at, m.played_at)), ('read', LEAST(m.read_at, m.played_at))) v(step, at)
  CROSS JOIN LATERAL (SELECT GREATEST(0, extract(epoch FROM v.at - m.sent_at))::int AS s) t
  WHERE m.id >= reporting.id_at(h.hour) AND m.id < reporting.id_at(h.hour + interval '1 hour') AND v.at IS NOT NULL AND m.sent_at IS NOT NULL
  GROUP BY 1, 2, 3, 4, 5, 6
) c;

CREATE VIEW "charge_reported" AS
SELECT c.charged_at, c.day, coalesce(c.client_id, '00000000-0000-0000-0000-000000000000') AS client_id, c.phone_number_id, c.waba_id,
  coalesce(c.market, '') AS market, coalesce(c.category, c.pricing_category) AS category, c.mark,
  coalesce(CASE WHEN m.uses_fallback THEN n.window_fallback ELSE n.content END -> 'template' ->> 'name', '') AS template,
  c.currency, c.amount_micros, n.tags
FROM charge c
LEFT JOIN message m ON m.id = c.message_id
LEFT JOIN message_content n ON n.id = c.message_id;

CREATE VIEW "touched_cost_hour" AS
SELECT c.day, h.hour, c.client_id, c.phone_number_id, c.waba_id, c.market, c.category, c.mark, c.template, c.currency, c.messages, c.amount_micros
FROM (SELECT DISTINCT hour FROM hour_touched WHERE subject = 'charge') h
CROSS JOIN LATERAL (
  SELECT r.day, r.client_id, r.phone_number_id, r.waba_id, r.market, r.category, r.mark, r.template, r.currency,
    count(*)::int AS messages, sum(r.amount_micros)::bigint AS amount_micros
  FROM charge_reported r
  WHERE r.charged_at >= h.hour AND r.charged_at < h.hour + interval '1 hour'
  GROUP BY r.day, r.client_id, r.phone_number_id, r.waba_id, r.market, r.category, r.mark, r.template, r.currency
) c;

-- ── The views ───────────────────────────────────────────────────────────────────────────────────────────────────────────
CREATE VIEW "reporting"."delivery" AS
SELECT r.day, r.hour, k.name AS client, r.phone_number_id AS sender, s.waba_id AS waba, NULLIF(r.template, '') AS template, NULLIF(r.category, '') AS category,
  r.messages, r.waiting, r.accepted, r.sent, r.delivered, r.read, r.failed, r.expired, r.cancelled, r.unknown
FROM (
  SELECT day, hour, client_id, phone_number_id, template, category, messages, waiting, accepted, sent, delivered, read, failed, expired, cancelled, unknown
  FROM delivery_hour d WHERE hour NOT IN (SELECT t.hour FROM hour_touched t WHERE t.subject = 'message')
  UNION ALL
  SELECT day, hour, client_id, phone_number_id, template, category, messages, waiting, accepted, sent, delivered, read, failed, expired, cancelled, unknown
  FROM touched_delivery_hour
) r
LEFT JOIN client k ON k.id = r.client_id
LEFT JOIN sender s ON s.phone_number_id = r.phone_number_id;
COMMENT ON VIEW "reporting"."delivery" IS 'What became of messages, by when Herald took them. Add rows up; one combination may have several rows.';
COMMENT ON COLUMN "reporting"."delivery"."day" IS 'When Herald took them, in the time zone of the WABA';
COMMENT ON COLUMN "reporting"."delivery"."hour" IS 'When Herald took them: the beginning of the hour, UTC';
COMMENT ON COLUMN "reporting"."delivery"."client" IS 'Name of the client that sent them';
COMMENT ON COLUMN "reporting"."delivery"."sender" IS 'Phone number id';
COMMENT ON COLUMN "reporting"."delivery"."template" IS 'Name of the template that went out, the fallback where that did; null: free-form';
COMMENT ON COLUMN "reporting"."delivery"."category" IS 'Category of the template; null: free-form';
COMMENT ON COLUMN "reporting"."delivery"."messages" IS 'Messages that Herald took';
COMMENT ON COLUMN "reporting"."delivery"."waiting" IS 'Of them queued, being sent, or without proof of what became of them yet';
COMMENT ON COLUMN "reporting"."delivery"."accepted" IS 'Of them taken by Meta';
COMMENT ON COLUMN "reporting"."delivery"."sent" IS 'Of them reported as sent, delivered, read or played';
COMMENT ON COLUMN "reporting"."delivery"."delivered" IS 'Of them reported as delivered, read or played';
COMMENT ON COLUMN "reporting"."delivery"."read" IS 'Of them reported as read or played. Contacts may turn read receipts off: set it against delivered, never against messages, and take it for the least';
COMMENT ON COLUMN "reporting"."delivery"."failed" IS 'Of them refused for good, by Herald or Meta, or reported as failed without having been delivered';
COMMENT ON COLUMN "reporting"."delivery"."expired" IS 'Of them not sent before their time was over';
COMMENT ON COLUMN "reporting"."delivery"."cancelled" IS 'Of them taken back by the client';
COMMENT ON COLUMN "reporting"."delivery"."unknown" IS 'Of them sent once, without any evidence of what became of them';

CREATE VIEW "reporting"."delivery_by_tag" AS
SELECT m.id, m.day, t.tag, k.name AS client, m.phone_number_id AS sender, s.waba_id AS waba, NULLIF(m.template, '') AS template, NULLIF(m.category, '') AS category,
  1 AS messages, (m.state IN ('queued', 'sending', 'uncertain'))::int AS waiting, (m.state = 'accepted')::int AS accepted, m.is_sent::int AS sent,
  m.is_delivered::int AS delivered, m.is_read::int AS read, m.is_failed::int AS failed, (m.state = 'expired')::int AS expired,
  (m.state = 'cancelled')::int AS cancelled, (m.state = 'unknown')::int AS unknown
FROM message_outcome m
LEFT JOIN LATERAL unnest(m.tags) t(tag) ON true
LEFT JOIN client k ON k.id = m.client_id
LEFT JOIN sender s ON s.phone_number_id = m.phone_number_id;
COMMENT ON VIEW "reporting"."delivery_by_tag" IS 'The same, a row a message and tag, not rolled up: a message with two tags is in it twice. Narrow it by id: id >= reporting.id_at(from) AND id < reporting.id_at(to).';
COMMENT ON COLUMN "reporting"."delivery_by_tag"."tag" IS 'Null: the message has none';

CREATE VIEW "reporting"."failures" AS
SELECT r.day, r.hour, k.name AS client, r.phone_number_id AS sender, s.waba_id AS waba, NULLIF(r.template, '') AS template, NULLIF(r.category, '') AS category,
  r.failure, coalesce(w.title, replace(r.failure, '_', ' ')) AS title, w.advice, r.failed AS messages
FROM (
  SELECT day, hour, client_id, phone_number_id, template, category, failure, failed
  FROM delivery_hour d WHERE failed > 0 AND hour NOT IN (SELECT t.hour FROM hour_touched t WHERE t.subject = 'message')
  UNION ALL
  SELECT day, hour, client_id, phone_number_id, template, category, failure, failed FROM touched_delivery_hour WHERE failed > 0
) r
LEFT JOIN client k ON k.id = r.client_id
LEFT JOIN sender s ON s.phone_number_id = r.phone_number_id
LEFT JOIN LATERAL (
  SELECT x.title, x.advice FROM explanation x
  WHERE CASE WHEN r.failure ~ '^-?\d{1,9}$' THEN x.state = '*' AND (x.code_from IS NULL OR r.failure::int BETWEEN x.code_from AND x.code_to)
    ELSE x.state = 'failed' AND x.fact = r.failure END
  ORDER BY x.code_to - x.code_from NULLS LAST LIMIT 1
) w ON true;
COMMENT ON VIEW "reporting"."failures" IS 'Messages that failed, by code, with the words of the running version for it.';
COMMENT ON COLUMN "reporting"."failures"."failure" IS 'Meta''s error code, or Herald''s reason where Herald refused the message itself';
COMMENT ON COLUMN "reporting"."failures"."title" IS 'What it means';
COMMENT ON COLUMN "reporting"."failures"."advice" IS 'What to do about it';
COMMENT ON COLUMN "reporting"."failures"."messages" IS 'Messages that failed so';

CREATE VIEW "reporting"."latency" AS
SELECT r.day, r.hour, k.name AS client, r.phone_number_id AS sender, s.waba_id AS waba, NULLIF(r.category, '') AS category, r.step, r.seconds, r.messages
FROM (
  SELECT day, hour, client_id, phone_number_id, category, step, seconds, messages
  FROM latency_hour d WHERE hour NOT IN (SELECT t.hour FROM hour_touched t WHERE t.subject = 'message')
  UNION ALL
  SELECT day, hour, client_id, phone_number_id, category, step, seconds, messages FROM touched_latency_hour
) r
LEFT JOIN client k ON k.id = r.client_id
LEFT JOIN sender s ON s.phone_number_id = r.phone_number_id;
COMMENT ON VIEW "reporting"."latency" IS 'How long messages took: how many took so many seconds. Of messages that were reported as sent and as delivered (or read) alone, by Meta''s clock.';
COMMENT ON COLUMN "reporting"."latency"."step" IS 'delivered or read: until when, from sent on';
COMMENT ON COLUMN "reporting"."latency"."seconds" IS 'Seconds; from 100 on rounded up to two digits (110, 120, … 1100, …)';
COMMENT ON COLUMN "reporting"."latency"."messages" IS 'Messages that took so long';

CREATE VIEW "reporting"."latency_by_day" AS
SELECT day, sender, step, sum(messages)::bigint AS messages,
  min(seconds) FILTER (WHERE upto >= 0.5 * total) AS p50_seconds, min(seconds) FILTER (WHERE upto >= 0.9 * total) AS p90_seconds,
  min(seconds) FILTER (WHERE upto >= 0.95 * total) AS p95_seconds, min(seconds) FILTER (WHERE upto >= 0.99 * total) AS p99_seconds
FROM (
  SELECT day, sender, step, seconds, messages,
    sum(messages) OVER (PARTITION BY day, sender, step ORDER BY seconds) AS upto, sum(messages) OVER (PARTITION BY day, sender, step) AS total
  FROM (SELECT day, sender, step, seconds, sum(messages) AS messages FROM reporting.latency GROUP BY day, sender, step, seconds) c
) d
GROUP BY day, sender, step;
COMMENT ON VIEW "reporting"."latency_by_day" IS 'Percentiles of the time from sent to delivered and to read, in seconds, by day and sender.';

CREATE VIEW "reporting"."cost" AS
SELECT r.day, date_trunc('month', r.day::timestamp)::date AS month, r.hour, k.name AS client, r.phone_number_id AS sender, r.waba_id AS waba,
  NULLIF(r.market, '') AS market, r.category, r.mark, NULLIF(r.template, '') AS template, r.currency, r.messages, r.amount_micros,
  CASE WHEN r.mark IN ('rate_missing', 'type_unknown') THEN r.messages ELSE 0 END AS unpriced
FROM (
  SELECT day, hour, client_id, phone_number_id, waba_id, market, category, mark, template, currency, messages, amount_micros
  FROM cost_hour d WHERE hour NOT IN (SELECT t.hour FROM hour_touched t WHERE t.subject = 'charge')
  UNION ALL
  SELECT day, hour, client_id, phone_number_id, waba_id, market, category, mark, template, currency, messages, amount_micros FROM touched_cost_hour
) r
LEFT JOIN client k ON k.id = r.client_id;
COMMENT ON VIEW "reporting"."cost" IS 'What delivered messages cost, those that other systems sent from our numbers included. Add cost_adjustments for what tiers make of a month.';
COMMENT ON COLUMN "reporting"."cost"."day" IS 'When the message was first reported as delivered or read, in the time zone of the WABA';
COMMENT ON COLUMN "reporting"."cost"."client" IS 'Null: another system sent it';
COMMENT ON COLUMN "reporting"."cost"."market" IS 'Market of Meta''s rate card; null: it cannot be told';
COMMENT ON COLUMN "reporting"."cost"."category" IS 'Category that Meta billed';
COMMENT ON COLUMN "reporting"."cost"."mark" IS 'rated, free, rate_missing (no card has a rate yet) or type_unknown';
COMMENT ON COLUMN "reporting"."cost"."messages" IS 'Messages charged, at nothing included';
COMMENT ON COLUMN "reporting"."cost"."amount_micros" IS 'Millionths of the currency';
COMMENT ON COLUMN "reporting"."cost"."unpriced" IS 'Of the messages those at nothing because their rate or type is not known';

CREATE VIEW "reporting"."cost_by_tag" AS
SELECT c.charged_at, c.day, date_trunc('month', c.day::timestamp)::date AS month, t.tag, k.name AS client, c.phone_number_id AS sender, c.waba_id AS waba,
  NULLIF(c.market, '') AS market, c.category, c.mark, NULLIF(c.template, '') AS template, c.currency, 1 AS messages, c.amount_micros,
  (c.mark IN ('rate_missing', 'type_unknown'))::int AS unpriced
FROM charge_reported c
LEFT JOIN LATERAL unnest(c.tags) t(tag) ON true
LEFT JOIN client k ON k.id = c.client_id;
COMMENT ON VIEW "reporting"."cost_by_tag" IS 'The same, a row a charge and tag, not rolled up: a message with two tags is in it twice. Narrow it by charged_at.';
COMMENT ON COLUMN "reporting"."cost_by_tag"."tag" IS 'Null: the message has none';

CREATE VIEW "reporting"."cost_adjustments" AS
SELECT a.month, a.portfolio_id AS portfolio, a.market, a.category, a.currency, a.amount_micros FROM tier_adjustment a WHERE a.amount_micros <> 0;
COMMENT ON VIEW "reporting"."cost_adjustments" IS 'What the volume tiers make of a month, more or less than its charges say.';
COMMENT ON COLUMN "reporting"."cost_adjustments"."amount_micros" IS 'Millionths of the currency; add it to the charges of the month';

CREATE VIEW "reporting"."windows" AS
SELECT (c.opened_at AT TIME ZONE coalesce(w.timezone, 'UTC'))::date AS day, c.opened_at, c.expires_at, c.phone_number_id AS sender, s.waba_id AS waba, c.kind, c.category,
  1 AS opened, a.answered, (c.kind = 'free_entry_point')::int AS free_entry_points
FROM conversation c
LEFT JOIN sender s ON s.phone_number_id = c.phone_number_id
LEFT JOIN waba w ON w.id = s.waba_id
CROSS JOIN LATERAL (SELECT (c.kind = 'service' AND EXISTS (
  SELECT FROM message m
  WHERE m.phone_number_id = c.phone_number_id AND m.state = 'accepted'
    AND m.id >= reporting.id_at(c.opened_at) AND m.id < reporting.id_at(c.expires_at)
    -- Numbers that one phone has two of in Brazil, Mexico and Argentina: libs/contacts, contact-forms.ts.
    AND m.recipient IN (c.contact, c.contact_key, CASE
      WHEN c.contact_key ~ '^55\d{2}[6-9]\d{7}$' THEN substr(c.contact_key, 1, 4) || '9' || substr(c.contact_key, 5)
      WHEN c.contact_key ~ '^52\d{10}$' THEN '521' || substr(c.contact_key, 3)
      WHEN c.contact_key ~ '^54\d{10}$' THEN '549' || substr(c.contact_key, 3) END)
))::int AS answered) a;
COMMENT ON VIEW "reporting"."windows" IS 'Conversations, a row each: customer service windows (kind service), free entry points, and those that Meta named before 2025-07 (cbp). The contact is left out.';
COMMENT ON COLUMN "reporting"."windows"."day" IS 'When it opened, in the time zone of the WABA';
COMMENT ON COLUMN "reporting"."windows"."expires_at" IS 'When it ends, or ended';
COMMENT ON COLUMN "reporting"."windows"."answered" IS '1: a message to the contact was taken by Herald while it was open, and by Meta. Of kind service alone';
COMMENT ON COLUMN "reporting"."windows"."free_entry_points" IS '1: it is a free entry point. Their share: against rows of kind service';

CREATE VIEW "reporting"."limits" AS
SELECT w.portfolio_id AS portfolio, l.users, l.known_at, l.portfolio_id IS NOT NULL AS is_known,
  (SELECT count(*) FROM portfolio_user u WHERE u.portfolio_id = w.portfolio_id AND u.last_at > now() - interval '24 hours') AS used
FROM (SELECT DISTINCT portfolio_id FROM waba) w
LEFT JOIN portfolio_limit l ON l.portfolio_id = w.portfolio_id;
COMMENT ON VIEW "reporting"."limits" IS 'Messaging limits as Meta last told them, by portfolio.';
COMMENT ON COLUMN "reporting"."limits"."users" IS 'To how many people it may write first in any 24 hours; null: to any number, or not known';
COMMENT ON COLUMN "reporting"."limits"."known_at" IS 'When Meta said so';
COMMENT ON COLUMN "reporting"."limits"."used" IS 'To how many it did in the last 24 hours; counted only while there is a limit';

CREATE VIEW "reporting"."senders" AS
SELECT s.phone_number_id AS sender, s.waba_id AS waba, w.portfolio_id AS portfolio, w.timezone, w.currency, s.throughput_limit, s.throughput_known_at,
  s.listening_since, s.last_heard_at,
  (SELECT count(*) FROM held_lane h WHERE h.phone_number_id = s.phone_number_id AND (h.until IS NULL OR h.until > now())) AS holds
FROM sender s JOIN waba w ON w.id = s.waba_id;
COMMENT ON VIEW "reporting"."senders" IS 'Business phone numbers, and what is known of them now.';
COMMENT ON COLUMN "reporting"."senders"."throughput_limit" IS 'Messages a second that Meta allows, in and out together';
COMMENT ON COLUMN "reporting"."senders"."listening_since" IS 'Since when no webhook of it can have been missed';
COMMENT ON COLUMN "reporting"."senders"."holds" IS 'What holds its sending back now';

CREATE VIEW "reporting"."queue" AS
SELECT m.phone_number_id AS sender, s.waba_id AS waba, CASE m.priority WHEN 0 THEN 'urgent' WHEN 1 THEN 'standard' ELSE 'bulk' END AS priority,
  count(*) AS waiting, count(*) FILTER (WHERE m.next_attempt_at <= now()) AS due,
  coalesce(GREATEST(0, extract(epoch FROM now() - min(m.next_attempt_at))), 0)::float8 AS oldest_due_seconds
FROM message m LEFT JOIN sender s ON s.phone_number_id = m.phone_number_id
WHERE m.next_attempt_at IS NOT NULL
GROUP BY m.phone_number_id, s.waba_id, m.priority;
COMMENT ON VIEW "reporting"."queue" IS 'Messages that wait to be sent, now.';
COMMENT ON COLUMN "reporting"."queue"."waiting" IS 'All that are queued, for later too';
COMMENT ON COLUMN "reporting"."queue"."due" IS 'Of them those that could go now';
COMMENT ON COLUMN "reporting"."queue"."oldest_due_seconds" IS 'For how long the oldest of them could have gone; 0: none is due';

-- ── Who may read them ───────────────────────────────────────────────────────────────────────────────────────────────────
-- Roles belong to the whole cluster and may be there already, or be somebody else's to make.
CREATE FUNCTION "reporting"."set_up_reader"() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'herald_reporting') THEN
    BEGIN
      CREATE ROLE herald_reporting NOLOGIN;
      ALTER ROLE herald_reporting SET default_transaction_read_only = on;
      ALTER ROLE herald_reporting SET statement_timeout = '30s';
      ALTER ROLE herald_reporting SET jit = off;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RETURN format('The role herald_reporting is missing, and %I may not create roles: let an administrator run CREATE ROLE herald_reporting NOLOGIN, then SELECT reporting.set_up_reader()', current_user);
    END;
  END IF;
  GRANT USAGE ON SCHEMA reporting TO herald_reporting;
  GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO herald_reporting;
  ALTER DEFAULT PRIVILEGES IN SCHEMA reporting GRANT SELECT ON TABLES TO herald_reporting;
  RETURN 'granted';
END $$;
REVOKE EXECUTE ON FUNCTION "reporting"."set_up_reader"() FROM PUBLIC;
COMMENT ON FUNCTION "reporting"."set_up_reader" IS 'Makes the role herald_reporting, if it is not there, and lets it read the views of this schema. Says granted, or what to do.';
DO $$
DECLARE outcome text := reporting.set_up_reader();
BEGIN
  IF outcome <> 'granted' THEN RAISE WARNING '%', outcome; END IF;
END $$;
