-- Customer service windows: what is known beside the messages of contacts. The windows themselves are read from facts, never stored.
-- AlterTable
ALTER TABLE "sender" ADD COLUMN     "expecting_since" TIMESTAMPTZ(3),
ADD COLUMN     "last_heard_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "window_closing" (
    "phone_number_id" TEXT NOT NULL,
    "contact" TEXT NOT NULL,
    "closed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "window_closing_pkey" PRIMARY KEY ("phone_number_id","contact")
);

-- CreateTable
CREATE TABLE "inbound_call" (
    "id" TEXT NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "contact" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "inbound_call_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "inbound_call_phone_number_id_contact_started_at_idx" ON "inbound_call"("phone_number_id", "contact", "started_at");
