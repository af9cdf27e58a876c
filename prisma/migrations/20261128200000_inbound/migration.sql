-- Messages of contacts, for readers.
-- AlterTable
ALTER TABLE "inbound_message" ADD COLUMN     "target_wamid" TEXT;

-- CreateIndex
CREATE INDEX "inbound_message_list" ON "inbound_message"("phone_number_id", "ts", "wamid");

UPDATE "inbound_message" SET target_wamid = coalesce(content #>> '{reaction,message_id}', content #>> '{edit,original_message_id}', content #>> '{revoke,original_message_id}')
WHERE type IN ('reaction', 'edit', 'revoke');

-- What contacts deleted. A deletion is kept for good: the message may come after it, or once more.
-- AlterTable
ALTER TABLE "inbound_message" ADD COLUMN     "deleted_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "inbound_deletion" (
    "wamid" TEXT NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "deleted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "inbound_deletion_pkey" PRIMARY KEY ("wamid","phone_number_id")
);

-- CreateTable
CREATE TABLE "inbound_copy" (
    "wamid" TEXT NOT NULL,
    "inbox_id" UUID NOT NULL,

    CONSTRAINT "inbound_copy_pkey" PRIMARY KEY ("wamid","inbox_id")
);

-- The edits of a message, which are deleted with it.
CREATE INDEX "inbound_message_edits" ON "inbound_message" (target_wamid) WHERE type = 'edit';

-- A notification can hold several messages, deleted one by one: each erasure leaves less of it.
DROP TRIGGER "inbox_written_once" ON "inbox";
CREATE TRIGGER "inbox_written_once" BEFORE UPDATE ON "inbox"
  FOR EACH ROW WHEN (NEW.redacted_at IS NULL OR NEW.sha256 <> OLD.sha256 OR NEW.received_at <> OLD.received_at
    OR (OLD.redacted_at IS NOT NULL AND octet_length(NEW.raw) >= octet_length(OLD.raw))) EXECUTE FUNCTION "written_once"();

-- Contacts stop marketing and start it again, by words and in their settings. The newest choice counts, whichever comes first.
-- AlterTable
ALTER TABLE "marketing_suppression" ADD COLUMN     "chosen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "lifted_at" TIMESTAMPTZ(3);

UPDATE "marketing_suppression" SET chosen_at = created_at;
