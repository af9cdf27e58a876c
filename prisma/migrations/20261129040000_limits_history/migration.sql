-- What Meta has told of limits and quality, by when. What is told of a number is read by its id, or by the digits that notifications
-- name it by; of numbers that are not ours nothing is shown.
CREATE VIEW "reporting"."limits_history" AS
SELECT (f.known_at AT TIME ZONE w.timezone)::date AS day, f.waba_id AS waba, w.portfolio_id AS portfolio, s.phone_number_id AS sender, f.kind AS "limit",
  f.value, f.known_at, f.seen_at, f.source
FROM account_fact f
JOIN waba w ON w.id = f.waba_id
LEFT JOIN sender s ON s.waba_id = f.waba_id
  AND f.subject IN ('id:' || s.phone_number_id, 'number:' || regexp_replace(s.display_number, '\D', '', 'g'))
WHERE f.kind IN ('messaging_limit', 'quality_rating', 'throughput') AND (f.subject = 'account' OR s.phone_number_id IS NOT NULL);
COMMENT ON VIEW "reporting"."limits_history" IS 'Messaging limits, throughput and quality ratings as Meta told them, a row each time that one was told otherwise.';
COMMENT ON COLUMN "reporting"."limits_history"."day" IS 'When it became known, in the time zone of the WABA';
COMMENT ON COLUMN "reporting"."limits_history"."sender" IS 'Phone number id; null: it is about the whole account';
COMMENT ON COLUMN "reporting"."limits_history"."limit" IS 'messaging_limit (people written to first in 24 hours), throughput (messages a second, in and out together) or quality_rating';
COMMENT ON COLUMN "reporting"."limits_history"."value" IS 'A number, unlimited, or GREEN, YELLOW, RED, UNKNOWN';
COMMENT ON COLUMN "reporting"."limits_history"."known_at" IS 'When Meta said so first: the time of its notification, or of our read';
COMMENT ON COLUMN "reporting"."limits_history"."seen_at" IS 'When it was last known to be so';
COMMENT ON COLUMN "reporting"."limits_history"."source" IS 'webhook, or read (from the Graph API)';
