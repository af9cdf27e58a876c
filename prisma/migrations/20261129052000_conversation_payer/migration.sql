-- Every message of a conversation of the model before 2025-07 is kept with it, so that the one that was delivered first pays, whenever
-- it becomes known.
CREATE INDEX "charge_conversation" ON "charge" (conversation_id) WHERE conversation_id IS NOT NULL;

-- Messages that another one paid for, which were kept without: from the first pricing object of theirs.
UPDATE "charge" c SET conversation_id = p.id
FROM (
  SELECT c.wamid, coalesce((
    SELECT s.conversation ->> 'id' FROM status_event s
    WHERE s.message_id = c.message_id AND s.attempt_no = c.attempt_no AND s.pricing_category IS NOT NULL ORDER BY s.ts, s.rank LIMIT 1
  ), (
    SELECT o.item -> 'conversation' ->> 'id' FROM orphan_status o
    WHERE o.wamid = c.wamid AND o.item -> 'pricing' ->> 'category' IS NOT NULL ORDER BY o.ts, (o.item ->> 'rank')::int LIMIT 1
  )) AS id
  FROM "charge" c WHERE c.because = 'in_paid_conversation'
) p WHERE p.wamid = c.wamid;
