-- Contacts: the people whom Meta names by several identifiers. What notifications tell is kept as facts; contacts and their
-- identifiers follow from these, whatever order they come in.
-- CreateTable
CREATE TABLE "contact_fact" (
    "portfolio_id" TEXT NOT NULL,
    "link" TEXT NOT NULL,
    "a_kind" TEXT NOT NULL,
    "a" TEXT NOT NULL,
    "a_key" TEXT NOT NULL,
    "b_kind" TEXT NOT NULL DEFAULT '',
    "b" TEXT NOT NULL DEFAULT '',
    "b_key" TEXT NOT NULL DEFAULT '',
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "inbox_id" UUID,

    CONSTRAINT "contact_fact_pkey" PRIMARY KEY ("portfolio_id","a_key","link","a_kind","a","b_kind","b")
);

-- CreateTable
CREATE TABLE "contact" (
    "id" UUID NOT NULL,
    "portfolio_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "merged_into" UUID,

    CONSTRAINT "contact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact_alias" (
    "contact_id" UUID NOT NULL,
    "portfolio_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "held_from" TIMESTAMPTZ(3) NOT NULL,
    "held_until" TIMESTAMPTZ(3),
    "first_seen_at" TIMESTAMPTZ(3),
    "last_seen_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "inbox_id" UUID,

    CONSTRAINT "contact_alias_pkey" PRIMARY KEY ("contact_id","kind","value","held_from")
);

-- CreateIndex
CREATE INDEX "contact_fact_b" ON "contact_fact"("portfolio_id", "b_key");

-- CreateIndex
CREATE INDEX "contact_list" ON "contact"("portfolio_id", "id");

-- CreateIndex
CREATE INDEX "contact_merged_into" ON "contact"("merged_into");

-- CreateIndex
CREATE INDEX "contact_alias_value" ON "contact_alias"("portfolio_id", "value");

-- AddForeignKey
ALTER TABLE "contact_alias" ADD CONSTRAINT "contact_alias_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

ALTER TABLE "contact_fact"
  ADD CONSTRAINT "contact_fact_link_known" CHECK (link IN ('seen', 'together', 'changed', 'written_as', 'named')),
  ADD CONSTRAINT "contact_fact_kinds_known" CHECK (a_kind IN ('wa_id', 'phone', 'user_id', 'parent_user_id')
    AND b_kind IN ('', 'wa_id', 'user_id', 'parent_user_id', 'username')),
  ADD CONSTRAINT "contact_fact_names_two" CHECK ((link = 'seen') = (b_kind = '') AND (b_kind = '') = (b = ''));
ALTER TABLE "contact_alias"
  ADD CONSTRAINT "contact_alias_kind_known" CHECK (kind IN ('phone', 'wa_id', 'user_id', 'parent_user_id', 'username')),
  ADD CONSTRAINT "contact_alias_held" CHECK (held_until > held_from);

-- Every identifier of the contact that an identifier named at an instant, with the time in which each was this contact's; the
-- identifier itself where no contact has it. A username identifies nobody: it goes from one person to another.
CREATE FUNCTION "contact_identifiers"(of_sender text, identifier text, at timestamptz)
RETURNS TABLE (contact_id uuid, contact_key text, value text, held_from timestamptz, held_until timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT b.contact_id, c.key, b.value, b.held_from, b.held_until
  FROM sender s
  JOIN waba w ON w.id = s.waba_id
  JOIN contact_alias a ON a.portfolio_id = w.portfolio_id AND a.value = identifier AND a.kind <> 'username'
    AND a.held_from <= at AND (a.held_until IS NULL OR a.held_until > at)
  JOIN contact c ON c.id = a.contact_id
  JOIN contact_alias b ON b.contact_id = a.contact_id AND b.kind <> 'username'
  WHERE s.phone_number_id = of_sender
  UNION ALL
  SELECT NULL, identifier, identifier, to_timestamp(0), NULL
  WHERE NOT EXISTS (
    SELECT FROM sender s
    JOIN waba w ON w.id = s.waba_id
    JOIN contact_alias a ON a.portfolio_id = w.portfolio_id AND a.value = identifier AND a.kind <> 'username'
      AND a.held_from <= at AND (a.held_until IS NULL OR a.held_until > at)
    WHERE s.phone_number_id = of_sender)
$$;
