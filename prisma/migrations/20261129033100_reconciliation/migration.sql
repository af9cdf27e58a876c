-- CreateTable
CREATE TABLE "pricing_comparison" (
    "waba_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "market" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "pricing_type" TEXT NOT NULL,
    "countries" TEXT[],
    "currency" TEXT NOT NULL,
    "messages" BIGINT NOT NULL,
    "amount_micros" BIGINT NOT NULL,
    "foreign_messages" BIGINT NOT NULL,
    "foreign_amount_micros" BIGINT NOT NULL,
    "unpriced" BIGINT NOT NULL,
    "meta_messages" BIGINT NOT NULL,
    "meta_amount_micros" BIGINT,
    "compared_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pricing_comparison_pkey" PRIMARY KEY ("waba_id","day","market","category","pricing_type")
);

-- CreateTable
CREATE TABLE "pricing_reconciliation" (
    "waba_id" TEXT NOT NULL,
    "tried_at" TIMESTAMPTZ(3) NOT NULL,
    "compared_at" TIMESTAMPTZ(3),
    "failure" TEXT,

    CONSTRAINT "pricing_reconciliation_pkey" PRIMARY KEY ("waba_id")
);
