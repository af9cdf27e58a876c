-- Who a message goes to: a phone number, a user id or a group; which API of Meta sends it; what the caller wrote.
-- CreateColumns
ALTER TABLE "message"
  ADD COLUMN "recipient_kind" TEXT NOT NULL DEFAULT 'phone',
  ADD COLUMN "country" TEXT,
  ADD COLUMN "api" TEXT NOT NULL DEFAULT 'messages';
ALTER TABLE "message_content" ADD COLUMN "recipient_input" TEXT;

-- A recipient is of the form of its kind, so that a key of holds, pairs and consent never means somebody else. Group ids are opaque.
ALTER TABLE "message"
  ADD CONSTRAINT "message_recipient_kind_known" CHECK (recipient_kind IN ('phone', 'user', 'group')),
  ADD CONSTRAINT "message_recipient_of_kind" CHECK (
    (recipient_kind <> 'phone' OR recipient ~ '^[0-9]{7,15}$') AND (recipient_kind <> 'user' OR recipient ~ '^[A-Z]{2}[.]')),
  ADD CONSTRAINT "message_api_known" CHECK (api IN ('messages', 'marketing_messages')),
  ADD CONSTRAINT "message_api_of_templates" CHECK (api = 'messages' OR type = 'template');
