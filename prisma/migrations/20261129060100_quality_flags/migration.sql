-- A webhook that flags a number for low quality, or takes that back, names no rating: it is shown beside the ratings that were read.
INSERT INTO account_fact (waba_id, subject, kind, value, known_at, seen_at, source, details)
SELECT waba_id, subject, 'quality_flag', value, known_at, seen_at, source, details FROM account_fact
WHERE kind = 'number_event' AND value IN ('FLAGGED', 'UNFLAGGED');

CREATE OR REPLACE VIEW "reporting"."limits_history" AS
SELECT (f.known_at AT TIME ZONE w.timezone)::date AS day, f.waba_id AS waba, w.portfolio_id AS portfolio, s.phone_number_id AS sender, f.kind AS "limit",
  f.value, f.known_at, f.seen_at, f.source
FROM account_fact f
JOIN waba w ON w.id = f.waba_id
LEFT JOIN sender s ON s.waba_id = f.waba_id
  AND f.subject IN ('id:' || s.phone_number_id, 'number:' || regexp_replace(s.display_number, '\D', '', 'g'))
WHERE f.kind IN ('messaging_limit', 'quality_rating', 'quality_flag', 'throughput') AND (f.subject = 'account' OR s.phone_number_id IS NOT NULL);
COMMENT ON VIEW "reporting"."limits_history" IS 'Messaging limits, throughput, quality ratings and quality flags as Meta told them, a row each time that one was told otherwise.';
COMMENT ON COLUMN "reporting"."limits_history"."limit" IS 'messaging_limit (people written to first in 24 hours), throughput (messages a second, in and out together), quality_rating (as read), or quality_flag (as webhooks tell; they name no rating)';
COMMENT ON COLUMN "reporting"."limits_history"."value" IS 'A number, unlimited, GREEN, YELLOW, RED, UNKNOWN, FLAGGED or UNFLAGGED';
