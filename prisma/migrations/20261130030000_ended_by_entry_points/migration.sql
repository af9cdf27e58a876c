-- A conversation that Meta names while a free entry point lasts never was open: it ends as it opens.
ALTER TABLE "conversation" DROP CONSTRAINT "conversation_expires_later";
ALTER TABLE "conversation" ADD CONSTRAINT "conversation_expires_later"
  CHECK ((expires_at > opened_at OR (kind = 'cbp' AND expires_at = opened_at)) AND extended_count >= 0);

-- Without what never was open.
CREATE OR REPLACE VIEW "reporting"."windows" AS
SELECT (c.opened_at AT TIME ZONE coalesce(w.timezone, 'UTC'))::date AS day, c.opened_at, c.expires_at, c.phone_number_id AS sender, s.waba_id AS waba, c.kind, c.category,
  1 AS opened, a.answered, (c.kind = 'free_entry_point')::int AS free_entry_points
FROM conversation c
LEFT JOIN sender s ON s.phone_number_id = c.phone_number_id
LEFT JOIN waba w ON w.id = s.waba_id
CROSS JOIN LATERAL (SELECT (c.kind = 'service' AND EXISTS (
  SELECT FROM message m
  WHERE m.phone_number_id = c.phone_number_id AND m.state = 'accepted'
    AND m.id >= reporting.id_at(c.opened_at) AND m.id < reporting.id_at(c.expires_at)
    AND m.recipient = ANY (ARRAY(
      SELECT c.contact UNION SELECT c.contact_key
      -- Numbers that one phone has two of in Brazil, Mexico and Argentina: libs/contacts, contact-forms.ts.
      UNION SELECT CASE
        WHEN c.contact_key ~ '^55\d{2}[6-9]\d{7}$' THEN substr(c.contact_key, 1, 4) || '9' || substr(c.contact_key, 5)
        WHEN c.contact_key ~ '^52\d{10}$' THEN '521' || substr(c.contact_key, 3)
        WHEN c.contact_key ~ '^54\d{10}$' THEN '549' || substr(c.contact_key, 3) END
      UNION SELECT b.value
      FROM contact_alias n JOIN contact_alias b ON b.contact_id = n.contact_id AND b.kind <> 'username'
      WHERE n.portfolio_id = w.portfolio_id AND n.value = c.contact AND n.kind <> 'username'
        AND n.held_from <= c.opened_at AND (n.held_until IS NULL OR n.held_until > c.opened_at)
    ))
))::int AS answered) a
WHERE c.expires_at > c.opened_at;
