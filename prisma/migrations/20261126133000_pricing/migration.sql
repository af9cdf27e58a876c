-- CreateTable
CREATE TABLE "rate_card" (
    "id" UUID NOT NULL,
    "currency" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_until" DATE,
    "source" TEXT NOT NULL,
    "is_official" BOOLEAN NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rate_card_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate" (
    "card_id" UUID NOT NULL,
    "market" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "tier_from" BIGINT NOT NULL DEFAULT 1,
    "tier_to" BIGINT,
    "rate_micros" BIGINT NOT NULL,

    CONSTRAINT "rate_pkey" PRIMARY KEY ("card_id","market","category","tier_from")
);

-- CreateTable
CREATE TABLE "charge" (
    "wamid" TEXT NOT NULL,
    "message_id" UUID,
    "attempt_no" SMALLINT,
    "client_id" UUID,
    "phone_number_id" TEXT NOT NULL,
    "waba_id" TEXT NOT NULL,
    "portfolio_id" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "market" TEXT,
    "pricing_category" TEXT NOT NULL,
    "pricing_type" TEXT,
    "pricing_model" TEXT,
    "era" TEXT NOT NULL,
    "category" TEXT,
    "conversation_id" TEXT,
    "charged_at" TIMESTAMPTZ(3) NOT NULL,
    "day" DATE NOT NULL,
    "month" DATE NOT NULL,
    "currency" TEXT NOT NULL,
    "mark" TEXT NOT NULL,
    "because" TEXT,
    "tier_position" BIGINT,
    "card_id" UUID,
    "rate_micros" BIGINT,
    "amount_micros" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "charge_pkey" PRIMARY KEY ("wamid")
);

-- CreateTable
CREATE TABLE "tier_usage" (
    "portfolio_id" TEXT NOT NULL,
    "market" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "volume" BIGINT NOT NULL DEFAULT 0,
    "is_dirty" BOOLEAN NOT NULL DEFAULT false,
    "card_id" UUID,

    CONSTRAINT "tier_usage_pkey" PRIMARY KEY ("portfolio_id","market","category","month")
);

-- CreateTable
CREATE TABLE "tier_adjustment" (
    "portfolio_id" TEXT NOT NULL,
    "market" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "currency" TEXT NOT NULL,
    "amount_micros" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tier_adjustment_pkey" PRIMARY KEY ("portfolio_id","market","category","month","currency")
);

-- CreateIndex
CREATE UNIQUE INDEX "rate_card_currency_valid_from_key" ON "rate_card"("currency", "valid_from");

-- CreateIndex
CREATE INDEX "charge_message_id_idx" ON "charge"("message_id");

-- CreateIndex
CREATE INDEX "charge_waba_id_day_idx" ON "charge"("waba_id", "day");

-- AddForeignKey
ALTER TABLE "rate" ADD CONSTRAINT "rate_card_id_fkey" FOREIGN KEY ("card_id") REFERENCES "rate_card"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

ALTER TABLE "rate_card"
  ADD CONSTRAINT "rate_card_dates" CHECK (valid_until > valid_from),
  ADD CONSTRAINT "rate_card_currency" CHECK (currency ~ '^[A-Z]{3}$');
ALTER TABLE "rate"
  ADD CONSTRAINT "rate_category" CHECK (category IN ('marketing', 'utility', 'authentication', 'authentication_international', 'service')),
  ADD CONSTRAINT "rate_tier" CHECK (tier_from >= 1 AND tier_to >= tier_from),
  ADD CONSTRAINT "rate_not_negative" CHECK (rate_micros >= 0);

-- A charge says how it came about: at a rate of a card, at nothing and why, or as something that cannot be priced yet.
ALTER TABLE "charge"
  ADD CONSTRAINT "charge_mark" CHECK (mark IN ('rated', 'free', 'rate_missing', 'type_unknown')),
  ADD CONSTRAINT "charge_era" CHECK (era IN ('cbp', 'pmp_1', 'pmp_2')),
  ADD CONSTRAINT "charge_rated" CHECK ((mark = 'rated') = (rate_micros IS NOT NULL AND card_id IS NOT NULL)),
  ADD CONSTRAINT "charge_amount" CHECK (amount_micros = coalesce(rate_micros, 0)),
  ADD CONSTRAINT "charge_free_because" CHECK ((mark = 'free') = (because IS NOT NULL)),
  ADD CONSTRAINT "charge_of_message" CHECK ((message_id IS NULL) = (attempt_no IS NULL) AND (message_id IS NULL) = (client_id IS NULL)),
  ADD CONSTRAINT "charge_month" CHECK (month = date_trunc('month', day::timestamp)::date);

-- One message of a conversation pays for it (the model before 2025-07).
CREATE UNIQUE INDEX "charge_pays_conversation" ON "charge" (conversation_id) WHERE conversation_id IS NOT NULL AND mark IN ('rated', 'rate_missing');
CREATE INDEX "charge_rate_missing" ON "charge" (currency, day) WHERE mark = 'rate_missing';
CREATE INDEX "charge_tier" ON "charge" (portfolio_id, market, category, month, charged_at, wamid) WHERE tier_position IS NOT NULL;
CREATE INDEX "tier_usage_dirty" ON "tier_usage" (month) WHERE is_dirty;
