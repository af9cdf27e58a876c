-- Contacts are written at the rate of messages to people who are new. An identifier is written in the transaction of its contact, and
-- contacts are never deleted: the foreign key cost a look-up and a lock for each identifier, and told nothing.
ALTER TABLE "contact_alias" DROP CONSTRAINT "contact_alias_contact_id_fkey";

-- Few contacts turn out to be others, and few facts name two identifiers.
DROP INDEX "contact_merged_into";
CREATE INDEX "contact_merged_into" ON "contact" ("merged_into") WHERE "merged_into" IS NOT NULL;
DROP INDEX "contact_fact_b";
CREATE INDEX "contact_fact_b" ON "contact_fact" ("portfolio_id", "b_key") WHERE "b_key" <> '';
