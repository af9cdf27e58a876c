-- People are counted against a limit; where there is none it is not known how many were written to.
CREATE OR REPLACE VIEW "reporting"."limits" AS
SELECT w.portfolio_id AS portfolio, l.users, l.known_at, l.portfolio_id IS NOT NULL AS is_known,
  CASE WHEN l.users IS NOT NULL THEN
    (SELECT count(*) FROM portfolio_user u WHERE u.portfolio_id = w.portfolio_id AND u.last_at > now() - interval '24 hours') END AS used
FROM (SELECT DISTINCT portfolio_id FROM waba) w
LEFT JOIN portfolio_limit l ON l.portfolio_id = w.portfolio_id;
COMMENT ON COLUMN "reporting"."limits"."used" IS 'People written to first in the last 24 hours, from when a limit is known; null: not counted, since any number may be, or no limit is known';
