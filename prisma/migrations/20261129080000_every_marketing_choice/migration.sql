-- Every choice of marketing is kept: a number goes to somebody else, and the next holder's choice must not take the place of an earlier one's.
-- CreateTable
CREATE TABLE "marketing_choice_told" (
    "waba_id" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "chosen_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "wants" BOOLEAN NOT NULL,

    CONSTRAINT "marketing_choice_told_pkey" PRIMARY KEY ("waba_id","recipient","chosen_at","reason","wants")
);

-- Of each identifier the latest of each kind is known until now, and no more.
INSERT INTO marketing_choice_told (waba_id, recipient, chosen_at, reason, wants)
SELECT x.waba_id, x.recipient, v.chosen_at, v.reason, v.wants
FROM marketing_suppression x
CROSS JOIN LATERAL (VALUES (x.choice, x.choice_at, x.wants), ('meta_131050', x.refused_at, false), ('user_preference', x.resumed_at, true)) v(reason, chosen_at, wants)
WHERE v.chosen_at IS NOT NULL AND v.reason IS NOT NULL AND v.wants IS NOT NULL
ON CONFLICT DO NOTHING;

-- As before, out of every choice in the time in which the identifier was the contact's. The latest of each kind is read as well: a process
-- of the version before writes nothing else.
CREATE OR REPLACE FUNCTION "marketing_choice"(of_sender text, identifier text)
RETURNS TABLE (waba_id text, reason text, chosen_at timestamptz, wants boolean)
LANGUAGE sql STABLE AS $$
  SELECT f.waba_id, CASE WHEN f.is_refused THEN 'meta_131050' ELSE f.choice END, CASE WHEN f.is_refused THEN f.refused_at ELSE f.choice_at END,
    NOT f.is_refused AND f.wants
  FROM (
    SELECT c.waba_id, max(c.chosen_at) FILTER (WHERE c.reason = 'meta_131050') AS refused_at,
      max(c.chosen_at) FILTER (WHERE c.reason <> 'meta_131050') AS choice_at,
      max(c.chosen_at) FILTER (WHERE c.reason = 'meta_131050') IS NOT NULL AND coalesce(max(c.chosen_at) FILTER (WHERE c.reason = 'user_preference' AND c.wants)
        <= max(c.chosen_at) FILTER (WHERE c.reason = 'meta_131050'), true) AS is_refused,
      (array_agg(c.reason ORDER BY c.chosen_at DESC, c.wants, c.reason) FILTER (WHERE c.reason <> 'meta_131050'))[1] AS choice,
      (array_agg(c.wants ORDER BY c.chosen_at DESC, c.wants, c.reason) FILTER (WHERE c.reason <> 'meta_131050'))[1] AS wants
    FROM (
      SELECT s.waba_id, v.reason, v.chosen_at, v.wants
      FROM sender s
      CROSS JOIN LATERAL contact_identifiers(of_sender, identifier, now()) d
      CROSS JOIN LATERAL (
        SELECT t.reason, t.chosen_at, t.wants FROM marketing_choice_told t WHERE t.waba_id = s.waba_id AND t.recipient = d.value
        UNION ALL
        SELECT l.reason, l.chosen_at, l.wants FROM marketing_suppression x
        CROSS JOIN LATERAL (VALUES (x.choice, x.choice_at, x.wants), ('meta_131050', x.refused_at, false), ('user_preference', x.resumed_at, true)) l(reason, chosen_at, wants)
        WHERE x.waba_id = s.waba_id AND x.recipient = d.value
      ) v
      WHERE s.phone_number_id = of_sender AND v.chosen_at >= d.held_from AND (d.held_until IS NULL OR v.chosen_at < d.held_until)
    ) c GROUP BY c.waba_id
  ) f WHERE f.is_refused OR f.choice_at IS NOT NULL
$$;
