-- AlterTable
ALTER TABLE "sender" ADD COLUMN "throughput_known_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "portfolio_limit" (
    "portfolio_id" TEXT NOT NULL,
    "users" INTEGER,
    "known_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "portfolio_limit_pkey" PRIMARY KEY ("portfolio_id")
);

-- CreateTable
CREATE TABLE "portfolio_user" (
    "portfolio_id" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "portfolio_user_pkey" PRIMARY KEY ("portfolio_id","recipient")
);

-- CreateIndex
CREATE INDEX "portfolio_user_portfolio_id_last_at_idx" ON "portfolio_user"("portfolio_id", "last_at");

ALTER TABLE "portfolio_limit" ADD CONSTRAINT "portfolio_limit_not_negative" CHECK (users >= 0);
