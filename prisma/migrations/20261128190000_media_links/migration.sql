-- A message whose links are turned into uploads, and the files that its links became: what was fetched is not fetched again by the next attempt.
ALTER TABLE "message_content" ADD COLUMN     "media_mode" TEXT;
ALTER TABLE "message_content" ADD CONSTRAINT "message_content_media_mode_known" CHECK (media_mode IN ('upload'));

CREATE TABLE "message_link" (
    "message_id" UUID NOT NULL,
    "link_sha256" BYTEA NOT NULL,
    "asset_id" UUID NOT NULL,

    CONSTRAINT "message_link_pkey" PRIMARY KEY ("message_id","link_sha256")
);
