-- What windows were at past instants: every closing that Meta told, and when webhooks may have been missed.
-- AlterTable
ALTER TABLE "window_closing" DROP CONSTRAINT "window_closing_pkey",
ADD CONSTRAINT "window_closing_pkey" PRIMARY KEY ("phone_number_id", "contact", "closed_at");

-- CreateTable
CREATE TABLE "listening_spell" (
    "phone_number_id" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "listening_spell_pkey" PRIMARY KEY ("phone_number_id","since")
);

-- Closings of before, of which only the latest was kept: those that answers told, and those that statuses did.
INSERT INTO "window_closing" (phone_number_id, contact, closed_at)
SELECT m.phone_number_id, m.recipient, a.started_at FROM attempt a JOIN message m ON m.id = a.message_id WHERE a.error_code = 131047
UNION
SELECT m.phone_number_id, m.recipient, a.started_at
FROM status_event e
JOIN attempt a ON a.message_id = e.message_id AND a.no = e.attempt_no
JOIN message m ON m.id = e.message_id
WHERE e.status = 'failed' AND e.code = 131047
ON CONFLICT DO NOTHING;
