-- CreateTable
CREATE TABLE "lane_breaker" (
    "phone_number_id" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lane_breaker_pkey" PRIMARY KEY ("phone_number_id")
);

-- CreateTable
CREATE TABLE "marketing_suppression" (
    "waba_id" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "marketing_suppression_pkey" PRIMARY KEY ("waba_id","recipient")
);
