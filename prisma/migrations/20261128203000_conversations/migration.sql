-- Conversations as facts: customer service windows, free entry points, and the conversations that Meta names. Computed anew from
-- what contacts wrote and what we answered, whenever one of these facts comes.
-- AlterTable
ALTER TABLE "inbound_message" ADD COLUMN     "has_referral" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "conversation" (
    "id" UUID NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "contact_key" TEXT NOT NULL,
    "contact" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "category" TEXT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_by" TEXT NOT NULL,
    "last_heard_at" TIMESTAMPTZ(3) NOT NULL,
    "certain_until" TIMESTAMPTZ(3),
    "extended_count" INTEGER NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "meta_id" TEXT,
    "meta_expires_at" TIMESTAMPTZ(3),
    "told" SMALLINT NOT NULL DEFAULT 0,

    CONSTRAINT "conversation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "conversation_of_contact" ON "conversation"("phone_number_id", "contact_key", "expires_at");

-- CreateIndex
CREATE INDEX "conversation_list" ON "conversation"("opened_at", "id");

UPDATE "inbound_message" SET has_referral = true WHERE jsonb_typeof(content -> 'referral') = 'object';

ALTER TABLE "conversation"
  ADD CONSTRAINT "conversation_kind_known" CHECK (kind IN ('service', 'free_entry_point', 'cbp')),
  ADD CONSTRAINT "conversation_category" CHECK ((kind = 'cbp') = (category IS NOT NULL)),
  ADD CONSTRAINT "conversation_of_cbp_is_metas" CHECK (kind <> 'cbp' OR meta_id IS NOT NULL),
  ADD CONSTRAINT "conversation_expires_later" CHECK (expires_at > opened_at AND extended_count >= 0),
  ADD CONSTRAINT "conversation_told_known" CHECK (told BETWEEN 0 AND 2);

-- One row of a contact for a conversation that Meta names, and no two windows of it that open at once.
CREATE UNIQUE INDEX "conversation_meta_id" ON "conversation" (phone_number_id, contact_key, meta_id) WHERE meta_id IS NOT NULL;
CREATE UNIQUE INDEX "conversation_opens_once" ON "conversation" (phone_number_id, contact_key, kind, opened_at) WHERE meta_id IS NULL;
-- What clients are still to be told of.
CREATE INDEX "conversation_untold" ON "conversation" (told, expires_at) WHERE told < 2;
CREATE INDEX "inbound_message_referral" ON "inbound_message" (phone_number_id, contact, ts) WHERE has_referral;
