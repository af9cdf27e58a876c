/**
 * Rows `until` of the holds on the pair, on the template and, for marketing, on the contact of a message `m`, for use inside a statement; those on its lane
 * stand in the view held_lane. Uses hold's primary key. The template, in its language, is the one that goes next, which may be the fallback. $1: the ids that `m` is one of.
 */
export const HOLDS_OF_MESSAGE = `
SELECT p.until FROM hold p
WHERE (p.until IS NULL OR p.until > now())
  AND ((p.scope = 'contact_marketing' AND m.category = 'marketing' AND p.scope_id = m.recipient)
    OR (p.scope = 'pair' AND p.scope_id = m.phone_number_id || ':' || m.recipient)
    OR (p.scope = 'template' AND p.scope_id = CASE WHEN m.type = 'template' OR m.uses_fallback THEN (
      SELECT s.waba_id || ':' || (t ->> 'name') || ':' || (t #>> '{language,code}')
      FROM message_content b CROSS JOIN sender s CROSS JOIN LATERAL (SELECT CASE WHEN m.uses_fallback THEN b.window_fallback ELSE b.content END -> 'template' AS t) f WHERE b.id = m.id AND b.id = ANY($1::uuid[]) AND s.phone_number_id = m.phone_number_id) END))`;
