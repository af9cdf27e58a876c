-- What Meta tells of accounts, numbers and templates is kept as dated facts; messages of the WhatsApp Business app on the same number
-- are kept beside those of contacts.
-- AlterTable
ALTER TABLE "marketing_suppression" ADD COLUMN     "choice" TEXT,
ADD COLUMN     "choice_at" TIMESTAMPTZ(3),
ADD COLUMN     "refused_at" TIMESTAMPTZ(3),
ADD COLUMN     "resumed_at" TIMESTAMPTZ(3),
ADD COLUMN     "wants" BOOLEAN;

-- CreateTable
CREATE TABLE "app_message" (
    "wamid" TEXT NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "contact" TEXT NOT NULL,
    "is_outbound" BOOLEAN NOT NULL,
    "origin" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "ts" TIMESTAMPTZ(3) NOT NULL,
    "target_wamid" TEXT,
    "status" TEXT,
    "content" JSONB NOT NULL,
    "inbox_id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "app_message_pkey" PRIMARY KEY ("wamid")
);

-- CreateTable
CREATE TABLE "account_fact" (
    "waba_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "known_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "source" TEXT NOT NULL,
    "details" JSONB,

    CONSTRAINT "account_fact_pkey" PRIMARY KEY ("waba_id","subject","kind","known_at","value","source")
);

-- CreateIndex
CREATE INDEX "app_message_of_contact" ON "app_message"("phone_number_id", "contact", "ts");

ALTER TABLE "app_message" ADD CONSTRAINT "app_message_origin_known" CHECK (origin IN ('echo', 'history'));
ALTER TABLE "account_fact"
  ADD CONSTRAINT "account_fact_source_known" CHECK (source IN ('webhook', 'read')),
  ADD CONSTRAINT "account_fact_seen_after_known" CHECK (seen_at >= known_at);

-- Edits of a message, to be erased with it.
CREATE INDEX "app_message_edits" ON "app_message" (target_wamid) WHERE type = 'edit';

-- What is known until now has no history: it counts as read.
INSERT INTO account_fact (waba_id, subject, kind, value, known_at, seen_at, source)
SELECT w.id, 'account', 'messaging_limit', coalesce(p.users::text, 'unlimited'), p.known_at, p.known_at, 'read'
FROM portfolio_limit p JOIN waba w ON w.portfolio_id = p.portfolio_id
UNION ALL
SELECT s.waba_id, 'id:' || s.phone_number_id, 'throughput', s.throughput_limit::text, s.throughput_known_at, s.throughput_known_at, 'read'
FROM sender s WHERE s.throughput_known_at IS NOT NULL
UNION ALL
SELECT t.waba_id, 'template:' || t.language || ':' || t.name, f.kind, f.value, f.at, f.at, 'read'
FROM template t CROSS JOIN LATERAL (VALUES ('status', t.status, t.status_at), ('category', t.category, t.category_at), ('quality', t.quality, t.quality_at)) f(kind, value, at)
WHERE f.value IS NOT NULL AND f.at > 'epoch';

-- What a contact chose of marketing follows from all that is known, in whatever order it came.
UPDATE marketing_suppression SET
  refused_at = CASE WHEN reason = 'meta_131050' THEN chosen_at END,
  resumed_at = CASE WHEN reason = 'user_preference' AND lifted_at IS NOT NULL THEN chosen_at END,
  choice_at = CASE WHEN reason <> 'meta_131050' THEN chosen_at END,
  choice = CASE WHEN reason <> 'meta_131050' THEN reason END,
  wants = CASE WHEN reason <> 'meta_131050' THEN lifted_at IS NOT NULL END;
