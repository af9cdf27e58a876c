-- The tables of schema.prisma, and after them what its language cannot say.
-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "client" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "client_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "all_senders" BOOLEAN NOT NULL,
    "senders" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_token" (
    "id" UUID NOT NULL,
    "app_id" TEXT NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "ciphertext" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "access_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "waba" (
    "id" TEXT NOT NULL,
    "portfolio_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL DEFAULT 'USD',
    "timezone" TEXT NOT NULL DEFAULT 'UTC',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "waba_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sender" (
    "phone_number_id" TEXT NOT NULL,
    "waba_id" TEXT NOT NULL,
    "access_token_id" UUID NOT NULL,
    "display_number" TEXT,
    "listening_since" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sender_pkey" PRIMARY KEY ("phone_number_id")
);

-- CreateTable
CREATE TABLE "message" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "category" TEXT,
    "category_source" TEXT,
    "priority" SMALLINT NOT NULL,
    "policy" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "reason" TEXT NOT NULL DEFAULT 'new',
    "fence" BIGINT NOT NULL DEFAULT 0,
    "attempt_no" SMALLINT NOT NULL DEFAULT 0,
    "burned" SMALLINT NOT NULL DEFAULT 0,
    "not_sent" SMALLINT NOT NULL DEFAULT 0,
    "uses_fallback" BOOLEAN NOT NULL DEFAULT false,
    "next_attempt_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "fed_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),
    "lease_owner" TEXT,
    "error_code" INTEGER,
    "wa_rank" SMALLINT NOT NULL DEFAULT 0,
    "sent_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "read_at" TIMESTAMPTZ(3),
    "played_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),
    "wa_error_code" INTEGER,
    "deleted_at" TIMESTAMPTZ(3),
    "presumed_dropped_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message_content" (
    "id" UUID NOT NULL,
    "content" JSONB,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "client_reference" TEXT,
    "client_callback_data" TEXT,
    "window_fallback" JSONB,
    "window_policy" TEXT NOT NULL DEFAULT 'enforce',
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "message_content_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "message_id" UUID NOT NULL,
    "no" SMALLINT NOT NULL,
    "fence" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "http_status" SMALLINT,
    "http_2xx" BOOLEAN NOT NULL DEFAULT false,
    "wamid" TEXT,
    "error_code" INTEGER,
    "detail" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "uncertain_since" TIMESTAMPTZ(3),
    "resolve_after" TIMESTAMPTZ(3),

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("message_id","no")
);

-- CreateTable
CREATE TABLE "status_event" (
    "message_id" UUID NOT NULL,
    "attempt_no" SMALLINT NOT NULL,
    "recipient" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "ts" BIGINT NOT NULL,
    "code" INTEGER NOT NULL DEFAULT 0,
    "rank" SMALLINT NOT NULL,
    "pricing_category" TEXT,
    "pricing_type" TEXT,
    "pricing_model" TEXT,
    "conversation" JSONB,
    "errors" JSONB,
    "inbox_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "client_id" UUID NOT NULL,

    CONSTRAINT "status_event_pkey" PRIMARY KEY ("message_id","attempt_no","recipient","status","ts","code")
);

-- CreateTable
CREATE TABLE "orphan_status" (
    "wamid" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "ts" BIGINT NOT NULL,
    "code" INTEGER NOT NULL DEFAULT 0,
    "item" JSONB NOT NULL,
    "inbox_id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "orphan_status_pkey" PRIMARY KEY ("wamid","recipient","status","ts","code")
);

-- CreateTable
CREATE TABLE "event" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "seq" BIGINT,
    "type" TEXT NOT NULL,
    "message_id" UUID,
    "payload" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "client_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "status" SMALLINT NOT NULL,
    "response" JSONB NOT NULL,
    "message_ids" UUID[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("client_id","key")
);

-- CreateTable
CREATE TABLE "inbox" (
    "id" UUID NOT NULL,
    "raw" BYTEA NOT NULL,
    "sha256" BYTEA NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "redacted_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox_work" (
    "inbox_id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL DEFAULT 'received',
    "tries" SMALLINT NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "next_try_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_work_pkey" PRIMARY KEY ("inbox_id")
);

-- CreateTable
CREATE TABLE "inbox_dead_item" (
    "inbox_id" UUID NOT NULL,
    "idx" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_dead_item_pkey" PRIMARY KEY ("inbox_id","idx")
);

-- CreateTable
CREATE TABLE "inbox_unhandled" (
    "field" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "count" BIGINT NOT NULL DEFAULT 1,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_unhandled_pkey" PRIMARY KEY ("field","kind")
);

-- CreateTable
CREATE TABLE "inbound_message" (
    "wamid" TEXT NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "waba_id" TEXT NOT NULL,
    "contact" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "ts" TIMESTAMPTZ(3) NOT NULL,
    "context_wamid" TEXT,
    "profile_name" TEXT,
    "content" JSONB NOT NULL,
    "inbox_id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "inbound_message_pkey" PRIMARY KEY ("wamid")
);

-- CreateTable
CREATE TABLE "hold" (
    "scope" TEXT NOT NULL,
    "scope_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "error_code" INTEGER,
    "step" SMALLINT NOT NULL DEFAULT 0,
    "until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "hold_pkey" PRIMARY KEY ("scope","scope_id")
);

-- CreateTable
CREATE TABLE "alert" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "scope_id" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "count" INTEGER NOT NULL DEFAULT 1,
    "closed_at" TIMESTAMPTZ(3),
    "advice" TEXT NOT NULL,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "client_name_key" ON "client"("name");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE INDEX "api_key_client_id_idx" ON "api_key"("client_id");

-- CreateIndex
CREATE UNIQUE INDEX "access_token_fingerprint_key" ON "access_token"("fingerprint");

-- CreateIndex
CREATE INDEX "sender_waba_id_idx" ON "sender"("waba_id");

-- CreateIndex
CREATE INDEX "sender_access_token_id_idx" ON "sender"("access_token_id");

-- CreateIndex
CREATE INDEX "message_list" ON "message"("client_id", "id");

-- CreateIndex
CREATE INDEX "message_recipient" ON "message"("phone_number_id", "recipient", "id");

-- CreateIndex
CREATE INDEX "orphan_status_received_at_idx" ON "orphan_status"("received_at");

-- CreateIndex
CREATE INDEX "event_message_id_id_idx" ON "event"("message_id", "id");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_sha256_key" ON "inbox"("sha256");

-- CreateIndex
CREATE INDEX "inbox_work_received_at_idx" ON "inbox_work"("received_at");

-- CreateIndex
CREATE INDEX "inbound_message_phone_number_id_contact_ts_idx" ON "inbound_message"("phone_number_id", "contact", "ts");

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "sender" ADD CONSTRAINT "sender_waba_id_fkey" FOREIGN KEY ("waba_id") REFERENCES "waba"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "sender" ADD CONSTRAINT "sender_access_token_id_fkey" FOREIGN KEY ("access_token_id") REFERENCES "access_token"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;



-- ── Message: states, transitions, fences ────────────────────────────────────────────────────────────────────────────────
ALTER TABLE "message"
  ADD CONSTRAINT "message_state_known" CHECK (state IN ('queued', 'sending', 'uncertain', 'accepted', 'failed', 'expired', 'cancelled', 'unknown')),
  ADD CONSTRAINT "message_due_only_while_queued" CHECK ((state = 'queued') = (next_attempt_at IS NOT NULL)),
  ADD CONSTRAINT "message_lease_only_while_sending" CHECK ((state = 'sending') = (lease_until IS NOT NULL) AND (lease_until IS NULL) = (lease_owner IS NULL)),
  ADD CONSTRAINT "message_fed_only_while_queued" CHECK (fed_at IS NULL OR state = 'queued'),
  ADD CONSTRAINT "message_policy_known" CHECK (policy IN ('at_most_once', 'at_least_once')),
  ADD CONSTRAINT "message_priority_known" CHECK (priority BETWEEN 0 AND 2),
  ADD CONSTRAINT "message_category_source_known" CHECK (category_source IN ('synced', 'guessed', 'given')),
  ADD CONSTRAINT "message_rank_known" CHECK (wa_rank BETWEEN 0 AND 6),
  ADD CONSTRAINT "message_counters" CHECK (fence >= attempt_no AND attempt_no >= 0 AND burned >= 0 AND not_sent >= 0),
  SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);

-- The due index. No index on this table, and no predicate of one, names `state`: that would make every update non-HOT.
CREATE INDEX "message_due" ON "message" (phone_number_id, priority, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX "message_expiry" ON "message" (expires_at) WHERE next_attempt_at IS NOT NULL;

CREATE FUNCTION "message_transition_allowed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state || '>' || NEW.state) NOT IN (
    'queued>sending', 'queued>expired', 'queued>cancelled', 'queued>unknown', 'queued>accepted',
    'sending>accepted', 'sending>queued', 'sending>failed', 'sending>unknown', 'sending>uncertain',
    'uncertain>accepted', 'uncertain>queued', 'uncertain>failed', 'uncertain>unknown',
    'unknown>accepted', 'unknown>queued', 'failed>accepted', 'failed>queued', 'expired>accepted', 'expired>queued'
  ) THEN
    RAISE EXCEPTION 'message %: transition % -> % is not in the protocol', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'message_transition_allowed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "message_transition_allowed" BEFORE UPDATE OF state ON "message"
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION "message_transition_allowed"();

-- A message starts queued; whatever else an INSERT claims would skip T0.
CREATE FUNCTION "message_starts_queued"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'message %: starts %, not queued', NEW.id, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'message_starts_queued';
END $$;
CREATE TRIGGER "message_starts_queued" BEFORE INSERT ON "message"
  FOR EACH ROW WHEN (NEW.state <> 'queued' OR NEW.fence <> 0 OR NEW.attempt_no <> 0) EXECUTE FUNCTION "message_starts_queued"();

CREATE FUNCTION "message_never_goes_back"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'message %: fence % -> %, attempt % -> %, rank % -> %: none of them may fall', OLD.id, OLD.fence, NEW.fence, OLD.attempt_no, NEW.attempt_no, OLD.wa_rank, NEW.wa_rank
    USING ERRCODE = 'check_violation', CONSTRAINT = 'message_never_goes_back';
END $$;
CREATE TRIGGER "message_never_goes_back" BEFORE UPDATE OF fence, attempt_no, wa_rank ON "message"
  FOR EACH ROW WHEN (NEW.fence < OLD.fence OR NEW.attempt_no < OLD.attempt_no OR NEW.wa_rank < OLD.wa_rank) EXECUTE FUNCTION "message_never_goes_back"();

-- ── Attempt ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE "attempt"
  ADD CONSTRAINT "attempt_state_known" CHECK (state IN ('started', 'accepted', 'not_sent', 'throttled', 'rejected_retryable', 'rejected_permanent', 'uncertain', 'abandoned')),
  ADD CONSTRAINT "attempt_ended_unless_started" CHECK ((state = 'started') = (ended_at IS NULL)),
  ADD CONSTRAINT "attempt_accepted_has_wamid" CHECK (state <> 'accepted' OR wamid IS NOT NULL),
  ADD CONSTRAINT "attempt_uncertain_has_since" CHECK (state <> 'uncertain' OR (uncertain_since IS NOT NULL AND resolve_after IS NOT NULL)),
  ADD CONSTRAINT "attempt_no_from_one" CHECK (no >= 1 AND fence >= no),
  SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01);

-- At most one open attempt a message; the reaper and the resolver read this index.
CREATE UNIQUE INDEX "one_open_attempt" ON "attempt" (message_id) WHERE state IN ('started', 'uncertain');
CREATE INDEX "attempt_wamid" ON "attempt" (wamid) WHERE wamid IS NOT NULL;

CREATE FUNCTION "attempt_transition_allowed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (
    OLD.state = 'started'
    OR (OLD.state = 'uncertain' AND NEW.state IN ('accepted', 'abandoned', 'not_sent', 'throttled', 'rejected_retryable', 'rejected_permanent'))
    OR (OLD.state = 'abandoned' AND NEW.state IN ('accepted', 'not_sent', 'throttled', 'rejected_retryable', 'rejected_permanent'))
  ) THEN
    RAISE EXCEPTION 'attempt % of message %: transition % -> % is not in the protocol', OLD.no, OLD.message_id, OLD.state, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'attempt_transition_allowed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "attempt_transition_allowed" BEFORE UPDATE OF state ON "attempt"
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION "attempt_transition_allowed"();

CREATE FUNCTION "attempt_starts_started"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'attempt % of message %: starts %, not started', NEW.no, NEW.message_id, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'attempt_starts_started';
END $$;
CREATE TRIGGER "attempt_starts_started" BEFORE INSERT ON "attempt"
  FOR EACH ROW WHEN (NEW.state <> 'started') EXECUTE FUNCTION "attempt_starts_started"();

-- ── What is written once ────────────────────────────────────────────────────────────────────────────────────────────────
CREATE FUNCTION "written_once"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
-- Only the erasure of what a customer deleted changes a content or a raw notification.
CREATE TRIGGER "message_content_written_once" BEFORE UPDATE ON "message_content"
  FOR EACH ROW WHEN (NEW.erased_at IS NULL OR OLD.erased_at IS NOT NULL) EXECUTE FUNCTION "written_once"();
CREATE TRIGGER "inbox_written_once" BEFORE UPDATE ON "inbox"
  FOR EACH ROW WHEN (NEW.redacted_at IS NULL OR OLD.redacted_at IS NOT NULL OR NEW.sha256 <> OLD.sha256 OR NEW.received_at <> OLD.received_at) EXECUTE FUNCTION "written_once"();
CREATE TRIGGER "status_event_written_once" BEFORE UPDATE ON "status_event"
  FOR EACH ROW EXECUTE FUNCTION "written_once"();
-- An event gets its number once, from the sequencer; nothing else of it changes.
CREATE TRIGGER "event_written_once" BEFORE UPDATE ON "event"
  FOR EACH ROW WHEN (OLD.seq IS NOT NULL OR NEW.id <> OLD.id OR NEW.client_id <> OLD.client_id OR NEW.type <> OLD.type OR NEW.payload <> OLD.payload) EXECUTE FUNCTION "written_once"();
CREATE UNIQUE INDEX "event_seq" ON "event" (client_id, seq) WHERE seq IS NOT NULL;

-- ── Inbox, keys, holds, alerts ──────────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE "inbox_work"
  ADD CONSTRAINT "inbox_work_state_known" CHECK (state IN ('received', 'processing', 'dead')),
  ADD CONSTRAINT "inbox_work_lease_only_while_processing" CHECK ((state = 'processing') = (lease_until IS NOT NULL)),
  SET (autovacuum_vacuum_scale_factor = 0.01);

ALTER TABLE "idempotency_key"
  ADD CONSTRAINT "idempotency_key_kind" CHECK (key ~ '^(key|ref):'),
  ADD CONSTRAINT "idempotency_key_hash_is_sha256" CHECK (octet_length(hash) = 32);

ALTER TABLE "inbox" ADD CONSTRAINT "inbox_sha256_length" CHECK (octet_length(sha256) = 32);

ALTER TABLE "api_key"
  ADD CONSTRAINT "api_key_hash_is_sha256" CHECK (octet_length(hash) = 32),
  ADD CONSTRAINT "api_key_senders" CHECK (NOT all_senders OR cardinality(senders) = 0);

ALTER TABLE "hold"
  ADD CONSTRAINT "hold_scope_known" CHECK (scope IN ('app', 'access_token', 'portfolio', 'waba', 'sender', 'pair', 'template', 'contact_marketing'));

CREATE UNIQUE INDEX "one_open_alert" ON "alert" (kind, scope, scope_id) WHERE closed_at IS NULL;

-- Senders that may not send now, and why: a hold on the sender itself, or on what it hangs on.
CREATE VIEW "held_lane" AS
SELECT s.phone_number_id, h.scope, h.scope_id, h.reason, h.error_code, h.until
FROM "hold" h
JOIN "sender" s ON (h.scope = 'sender' AND h.scope_id = s.phone_number_id)
  OR (h.scope = 'waba' AND h.scope_id = s.waba_id)
  OR (h.scope = 'access_token' AND h.scope_id = s.access_token_id::text)
  OR (h.scope = 'portfolio' AND h.scope_id = (SELECT w.portfolio_id FROM "waba" w WHERE w.id = s.waba_id))
  OR (h.scope = 'app' AND h.scope_id = (SELECT t.app_id FROM "access_token" t WHERE t.id = s.access_token_id))
WHERE h.until IS NULL OR h.until > now();
