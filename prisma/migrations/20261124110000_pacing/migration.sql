-- Pacing: what a sender may send, when its next slots are, and what each recipient may still get.
-- AlterTable
ALTER TABLE "sender" ADD COLUMN     "throughput_limit" INTEGER NOT NULL DEFAULT 80;

-- CreateTable
CREATE UNLOGGED TABLE "pace_lane" (
    "phone_number_id" TEXT NOT NULL,
    "next_ms" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "urgent_ms" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "standard_ms" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "bulk_ms" DOUBLE PRECISION NOT NULL DEFAULT 0,

    CONSTRAINT "pace_lane_pkey" PRIMARY KEY ("phone_number_id")
);

-- CreateTable
CREATE UNLOGGED TABLE "pace_pair" (
    "pair" TEXT NOT NULL,
    "tokens" DOUBLE PRECISION,
    "at_ms" DOUBLE PRECISION NOT NULL DEFAULT 0,

    CONSTRAINT "pace_pair_pkey" PRIMARY KEY ("pair")
);

-- Messages a second that Meta allows a sender: 80, 20 of a number that is in the app too, up to 1,000.
ALTER TABLE "sender" ADD CONSTRAINT "sender_throughput_positive" CHECK (throughput_limit >= 1);

-- Both tables are guesses that may be lost: written often, never replicated, rebuilt empty.
ALTER TABLE "pace_lane" SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01);
ALTER TABLE "pace_pair" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- The clients of a lane take turns: the feeder steps from one to the next in this index.
DROP INDEX "message_due";
CREATE INDEX "message_due" ON "message" (phone_number_id, priority, client_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
