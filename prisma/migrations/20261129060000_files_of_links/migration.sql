-- A file that only links of messages brought goes with the last message that is not deleted; one that a client uploaded is the client's. Of
-- files from before nobody knows which they are: they stay.
ALTER TABLE "media_asset" ADD COLUMN     "is_of_links" BOOLEAN NOT NULL DEFAULT false;

CREATE INDEX "message_link_asset" ON "message_link"("asset_id");
