-- Media: files that clients upload for a sender, and files that contacts sent to one. The row is the truth; bytes lie in the storage under
-- storage_key, and Meta's copy goes by meta_id until it is 30 days old.
-- CreateTable
CREATE TABLE "media_asset" (
    "id" UUID NOT NULL,
    "phone_number_id" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "kind" TEXT,
    "mime_type" TEXT,
    "filename" TEXT,
    "sha256" TEXT,
    "size_bytes" BIGINT,
    "storage_key" TEXT,
    "meta_id" TEXT,
    "first_meta_id" TEXT,
    "uploaded_at" TIMESTAMPTZ(3),
    "wamid" TEXT,
    "next_try_at" TIMESTAMPTZ(3),
    "tries" SMALLINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "media_asset_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "media_asset_first_meta_id" ON "media_asset"("first_meta_id");

-- CreateIndex
CREATE INDEX "media_asset_due" ON "media_asset"("next_try_at");

-- CreateIndex
CREATE UNIQUE INDEX "media_asset_wamid_key" ON "media_asset"("wamid");

-- The same bytes uploaded again for a sender are the same file.
CREATE UNIQUE INDEX "media_asset_same_bytes" ON "media_asset" (phone_number_id, sha256, mime_type) WHERE direction = 'upload' AND state = 'stored';
-- For the sweep that ends what nobody used.
CREATE INDEX "media_asset_last_used" ON "media_asset" (last_used_at) WHERE state IN ('receiving', 'stored');

ALTER TABLE "media_asset"
  ADD CONSTRAINT "media_asset_direction_known" CHECK (direction IN ('upload', 'inbound')),
  ADD CONSTRAINT "media_asset_state_known" CHECK (state IN ('receiving', 'pending', 'stored', 'expired', 'deleted')),
  ADD CONSTRAINT "media_asset_stored_is_whole" CHECK (state <> 'stored' OR
    (kind IS NOT NULL AND mime_type IS NOT NULL AND sha256 IS NOT NULL AND size_bytes > 0 AND storage_key IS NOT NULL)),
  ADD CONSTRAINT "media_asset_deleted_has_time" CHECK ((state = 'deleted') = (deleted_at IS NOT NULL)),
  ADD CONSTRAINT "media_asset_pending_is_due" CHECK (state <> 'pending' OR (next_try_at IS NOT NULL AND direction = 'inbound')),
  ADD CONSTRAINT "media_asset_inbound_has_message" CHECK ((direction = 'inbound') = (wamid IS NOT NULL)),
  ADD CONSTRAINT "media_asset_upload_is_dated" CHECK (direction <> 'upload' OR (meta_id IS NULL) = (uploaded_at IS NULL));
