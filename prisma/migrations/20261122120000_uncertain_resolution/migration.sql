-- How far Meta's webhooks of an app are known: what the resolver of uncertain attempts goes by (delivery protocol §6).
CREATE TABLE "status_channel" (
    "app_id" TEXT NOT NULL,
    "inbox_read_to" TIMESTAMPTZ(3) NOT NULL,
    "settled_started_at" TIMESTAMPTZ(3),
    "recent_started_at" TIMESTAMPTZ(3),
    "recent_at" TIMESTAMPTZ(3),

    CONSTRAINT "status_channel_pkey" PRIMARY KEY ("app_id")
);
ALTER TABLE "status_channel" ADD CONSTRAINT "status_channel_recent_pair" CHECK ((recent_started_at IS NULL) = (recent_at IS NULL));
