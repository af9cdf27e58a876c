-- What a contact chose of marketing from the account of a sender, read under every identifier of the contact, each in the time in which
-- it was the contact's: a number that went to somebody else takes no choice along. No row: it never chose. Meta's refusal stands until
-- the contact itself ends it in WhatsApp; else the newest choice counts, of two in one moment the one to stop.
CREATE FUNCTION "marketing_choice"(of_sender text, identifier text)
RETURNS TABLE (waba_id text, reason text, chosen_at timestamptz, wants boolean)
LANGUAGE sql STABLE AS $$
  SELECT f.waba_id, CASE WHEN f.is_refused THEN 'meta_131050' ELSE f.choice END, CASE WHEN f.is_refused THEN f.refused_at ELSE f.choice_at END,
    NOT f.is_refused AND f.wants
  FROM (
    SELECT c.waba_id, max(c.refused_at) AS refused_at, max(c.choice_at) AS choice_at,
      max(c.refused_at) IS NOT NULL AND coalesce(max(c.resumed_at) <= max(c.refused_at), true) AS is_refused,
      (array_agg(c.choice ORDER BY c.choice_at DESC, c.wants, c.choice) FILTER (WHERE c.choice_at IS NOT NULL))[1] AS choice,
      (array_agg(c.wants ORDER BY c.choice_at DESC, c.wants, c.choice) FILTER (WHERE c.choice_at IS NOT NULL))[1] AS wants
    FROM (
      SELECT x.waba_id, x.choice, x.wants,
        CASE WHEN x.refused_at >= d.held_from AND (d.held_until IS NULL OR x.refused_at < d.held_until) THEN x.refused_at END AS refused_at,
        CASE WHEN x.resumed_at >= d.held_from AND (d.held_until IS NULL OR x.resumed_at < d.held_until) THEN x.resumed_at END AS resumed_at,
        CASE WHEN x.choice_at >= d.held_from AND (d.held_until IS NULL OR x.choice_at < d.held_until) THEN x.choice_at END AS choice_at
      FROM sender s
      CROSS JOIN LATERAL contact_identifiers(of_sender, identifier, now()) d
      JOIN marketing_suppression x ON x.waba_id = s.waba_id AND x.recipient = d.value
      WHERE s.phone_number_id = of_sender
    ) c GROUP BY c.waba_id
  ) f WHERE f.is_refused OR f.choice_at IS NOT NULL
$$;

-- A window is answered by a message to any identifier of the contact.
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
))::int AS answered) a;
