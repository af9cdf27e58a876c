-- The same view, which says of a message behind a hold why it is held and what to do about that, whatever the message met itself.
CREATE OR REPLACE VIEW "message_explained" AS
SELECT f.message_id, f.client_id, f.phone_number_id, f.state, f.status, f.reason, f.code,
  coalesce(e.title, replace(f.fact, '_', ' ')) AS what,
  v.payload ->> 'by' AS who, v.type AS last_event, v.created_at AS since,
  w.title AS why,
  f.waits_for, f.waits_until,
  CASE WHEN f.is_paused THEN 'operator' WHEN w.no IS NOT NULL AND f.is_over THEN w.move ELSE coalesce(e.move, 'operator') END AS move,
  CASE WHEN w.no IS NOT NULL AND (f.is_over OR f.is_paused) THEN w.advice ELSE coalesce(e.advice, 'See the timeline of the message.') END AS advice,
  f.created_at, f.expires_at
FROM (
  SELECT m.id AS message_id, m.client_id, m.phone_number_id, m.state, s.status, m.reason, m.created_at, m.expires_at,
    CASE WHEN h.scope = 'template' AND h.until IS NULL AND h.error_code IS NULL THEN 'template_recategorised'
      WHEN m.state <> 'accepted' THEN m.reason WHEN m.presumed_dropped_at IS NOT NULL THEN 'presumed_dropped' ELSE coalesce(s.status, m.reason) END AS fact,
    coalesce(h.error_code, CASE WHEN m.wa_rank >= 4 THEN NULL WHEN m.wa_rank = 3 THEN m.wa_error_code WHEN m.state = 'accepted' THEN NULL ELSE m.error_code END) AS code,
    m.state = 'failed' OR (m.state = 'accepted' AND m.presumed_dropped_at IS NULL AND m.wa_rank = 3) AS is_over,
    h.scope IS NOT NULL AND h.until IS NULL AS is_paused,
    CASE m.state
      WHEN 'queued' THEN CASE
        WHEN h.scope IS NOT NULL THEN 'hold.' || h.scope
        WHEN m.next_attempt_at <= now() THEN CASE WHEN EXISTS (SELECT FROM lane_breaker b WHERE b.phone_number_id = m.phone_number_id) THEN 'breaker' ELSE 'worker' END
        ELSE CASE m.reason WHEN 'new' THEN 'schedule' WHEN 'scheduled' THEN 'schedule' WHEN 'throttled' THEN 'throttle' WHEN 'pair_pace' THEN 'pace.pair' WHEN 'portfolio_limit' THEN 'limit.portfolio' WHEN 'awaits_target' THEN 'target' ELSE 'retry' END END
      WHEN 'sending' THEN 'answer'
      WHEN 'uncertain' THEN 'evidence' END AS waits_for,
    CASE m.state
      WHEN 'queued' THEN CASE WHEN h.scope IS NOT NULL THEN h.until WHEN m.next_attempt_at > now() AND m.reason <> 'awaits_target' THEN m.next_attempt_at END
      WHEN 'sending' THEN m.lease_until
      WHEN 'uncertain' THEN (SELECT max(a.resolve_after) FROM attempt a WHERE a.message_id = m.id AND a.state = 'uncertain') END AS waits_until
  FROM message m
  CROSS JOIN LATERAL (SELECT CASE m.wa_rank WHEN 2 THEN 'sent' WHEN 3 THEN 'failed' WHEN 4 THEN 'delivered' WHEN 5 THEN 'read' WHEN 6 THEN 'played' END AS status) s
  LEFT JOIN message_content c ON c.id = m.id AND m.state = 'queued'
  LEFT JOIN sender n ON n.phone_number_id = m.phone_number_id
  LEFT JOIN waba b ON b.id = n.waba_id
  LEFT JOIN access_token k ON k.id = n.access_token_id
  LEFT JOIN LATERAL (
    SELECT scope, until, error_code FROM hold
    WHERE m.state = 'queued' AND (until IS NULL OR until > now()) AND (scope, scope_id) IN (
      ('sender', m.phone_number_id), ('pair', m.phone_number_id || ':' || m.recipient), ('waba', b.id),
      ('portfolio', b.portfolio_id), ('access_token', k.id::text), ('app', k.app_id),
      ('contact_marketing', CASE WHEN m.category = 'marketing' THEN m.recipient END),
      ('template', b.id || ':' || (CASE WHEN m.uses_fallback THEN c.window_fallback ELSE c.content END #>> '{template,name}') || ':' || (CASE WHEN m.uses_fallback THEN c.window_fallback ELSE c.content END #>> '{template,language,code}')))
    ORDER BY until DESC NULLS FIRST LIMIT 1
  ) h ON true
) f
LEFT JOIN explanation e ON e.state = f.state AND e.fact = f.fact
LEFT JOIN LATERAL (
  SELECT x.no, x.title, x.advice, x.move FROM explanation x
  WHERE f.code IS NOT NULL AND x.state = '*' AND (x.code_from IS NULL OR f.code BETWEEN x.code_from AND x.code_to)
  ORDER BY x.code_to - x.code_from NULLS LAST LIMIT 1
) w ON true
LEFT JOIN LATERAL (
  SELECT v.type, v.payload, v.created_at FROM event v WHERE v.message_id = f.message_id ORDER BY v.id DESC LIMIT 1
) v ON true;
