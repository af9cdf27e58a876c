-- What an hour's messages and charges say is looked up row by row, whatever Postgres expects of the hour: joined, the contents of all months
-- were read to count a full one.
CREATE OR REPLACE VIEW "message_outcome" AS
SELECT m.id, m.client_id, m.phone_number_id, m.state, m.sent_at, m.delivered_at, m.read_at, m.played_at,
  coalesce(m.category, '') AS category,
  (m.created_at AT TIME ZONE coalesce(w.timezone, 'UTC'))::date AS day,
  coalesce(CASE WHEN m.uses_fallback THEN c.window_fallback ELSE c.content END -> 'template' ->> 'name', '') AS template,
  c.tags,
  m.sent_at IS NOT NULL OR m.wa_rank >= 4 AS is_sent,
  m.wa_rank >= 4 AS is_delivered,
  m.wa_rank >= 5 AS is_read,
  f.is_failed,
  CASE WHEN NOT f.is_failed THEN ''
    ELSE coalesce((CASE WHEN m.wa_rank = 3 THEN m.wa_error_code ELSE m.error_code END)::text, CASE m.state WHEN 'failed' THEN m.reason ELSE 'failed' END) END AS failure
FROM message m
CROSS JOIN LATERAL (SELECT m.wa_rank < 4 AND (m.state = 'failed' OR (m.state = 'accepted' AND m.wa_rank = 3)) AS is_failed) f
LEFT JOIN LATERAL (SELECT c.content, c.window_fallback, c.tags FROM message_content c WHERE c.id = m.id LIMIT 1) c ON true
LEFT JOIN sender s ON s.phone_number_id = m.phone_number_id
LEFT JOIN waba w ON w.id = s.waba_id;

CREATE OR REPLACE VIEW "charge_reported" AS
SELECT c.charged_at, c.day, coalesce(c.client_id, '00000000-0000-0000-0000-000000000000') AS client_id, c.phone_number_id, c.waba_id,
  coalesce(c.market, '') AS market, coalesce(c.category, c.pricing_category) AS category, c.mark,
  coalesce(CASE WHEN m.uses_fallback THEN n.window_fallback ELSE n.content END -> 'template' ->> 'name', x.template, '') AS template,
  c.currency, c.amount_micros, n.tags
FROM charge c
LEFT JOIN LATERAL (SELECT m.uses_fallback FROM message m WHERE m.id = c.message_id LIMIT 1) m ON true
LEFT JOIN LATERAL (SELECT n.content, n.window_fallback, n.tags FROM message_content n WHERE n.id = c.message_id LIMIT 1) n ON true
LEFT JOIN LATERAL (SELECT x.template FROM charge_template x WHERE x.wamid = c.wamid LIMIT 1) x ON true;
