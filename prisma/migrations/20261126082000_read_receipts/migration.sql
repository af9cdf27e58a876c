-- Read receipts: no messages, so no attempt, fence, event or charge. One row for each message of a contact that was marked as read.
-- CreateTable
CREATE TABLE "read_receipt" (
    "wamid" TEXT NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "wants_typing" BOOLEAN NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_try_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "tries" SMALLINT NOT NULL DEFAULT 0,
    "error_code" INTEGER,

    CONSTRAINT "read_receipt_pkey" PRIMARY KEY ("wamid")
);

-- CreateIndex
CREATE INDEX "read_receipt_due" ON "read_receipt"("next_try_at");

ALTER TABLE "read_receipt"
  ADD CONSTRAINT "read_receipt_state_known" CHECK (state IN ('pending', 'sent', 'failed')),
  ADD CONSTRAINT "read_receipt_due_only_while_pending" CHECK ((state = 'pending') = (next_try_at IS NOT NULL));
ALTER TABLE "read_receipt" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01);
