import { monthBounds, type Statement, type Tx } from '#persistence';

/** What is known of a delivered message when it is charged. `chargedAt` in UNIX seconds. */
export interface ChargeFacts {
  /** Of a message to a group with a space and the member, who is billed apart. */
  wamid: string;
  /** Null: foreign. */
  messageId: string | null;
  attemptNo: number | null;
  clientId: string | null;
  phoneNumberId: string;
  wabaId: string;
  portfolioId: string;
  currency: string;
  timezone: string;
  recipient: string;
  pricingCategory: string;
  pricingType: string | null;
  pricingModel: string | null;
  /** Of the first pricing object's status. */
  conversationId: string | null;
  chargedAt: number;
  /** The charge as it stands. */
  standing: StandingCharge | null;
}

/** What of a charge decides whether it is still right. */
export interface StandingCharge {
  messageId: string | null;
  chargedAt: number;
  pricingCategory: string;
  pricingType: string | null;
  pricingModel: string | null;
  /** Of the historic model: the one it is part of, whether it pays for it or not. */
  conversationId: string | null;
  /** Why it costs nothing; null: it does, or may. */
  because: string | null;
  portfolioId: string;
  recipient: string;
  market: string | null;
  category: string | null;
  month: string;
  tierPosition: string | null;
}

const STANDING = `
  CASE WHEN c.wamid IS NULL THEN NULL ELSE jsonb_build_object('messageId', c.message_id, 'chargedAt', extract(epoch FROM c.charged_at),
    'pricingCategory', c.pricing_category, 'pricingType', c.pricing_type, 'pricingModel', c.pricing_model, 'conversationId', c.conversation_id, 'because', c.because,
    'portfolioId', c.portfolio_id, 'recipient', c.recipient, 'market', c.market, 'category', c.category, 'month', c.month, 'tierPosition', c.tier_position::text) END AS standing`;

/** As which a charge stands when Meta gives a type of pricing and no category. */
const UNNAMED_CATEGORY = 'unnamed';

/** Charges `c` as the facts that they were made from. */
export const CHARGES_AS_FACTS = `
SELECT c.wamid, c.message_id AS "messageId", c.attempt_no AS "attemptNo", c.client_id AS "clientId", c.phone_number_id AS "phoneNumberId",
  c.waba_id AS "wabaId", c.portfolio_id AS "portfolioId", c.currency, w.timezone, c.recipient, c.pricing_category AS "pricingCategory",
  c.pricing_type AS "pricingType", c.pricing_model AS "pricingModel", c.conversation_id AS "conversationId",
  extract(epoch FROM c.charged_at)::float8 AS "chargedAt",${STANDING}
FROM charge c JOIN waba w ON w.id = c.waba_id`;

/**
 * Attempts with a pricing object and a status delivered, read or played (rank $3 and above). Of several pricing objects the one
 * of the least (ts, rank) counts, then by name; one that names no category counts only where none does, since nobody knows what it is billed as. A message to a group is billed for each member that it reaches, by the pricing that the member's own
 * statuses have, else any; a status that names no member is of none. Looks up by the primary keys of attempt, message and status_event, in the months $4 to $5; the messages are
 * locked by whoever recorded their statuses.
 */
const READ_CHARGE_FACTS: Statement = {
  name: 'read-charge-facts',
  sql: `
WITH b AS (
  SELECT v.message_id, v.attempt_no, a.wamid, m.*
  FROM (SELECT DISTINCT message_id, attempt_no FROM unnest($1::uuid[], $2::smallint[]) v(message_id, attempt_no)) v
  CROSS JOIN LATERAL (
    SELECT a.wamid FROM attempt a WHERE a.message_id = v.message_id AND a.no = v.attempt_no AND a.message_id BETWEEN $4 AND $5 AND a.wamid IS NOT NULL LIMIT 1
  ) a
  CROSS JOIN LATERAL (
    SELECT m.client_id, m.phone_number_id, m.recipient, m.recipient_kind = 'group' AS is_group FROM message m
    WHERE m.id = v.message_id AND m.id BETWEEN $4 AND $5 LIMIT 1
  ) m
), k AS (
  SELECT b.message_id, b.attempt_no, concat_ws(' ', b.wamid, g.member) AS wamid, g.member, b.client_id, b.phone_number_id, coalesce(g.member, b.recipient) AS recipient
  FROM b CROSS JOIN LATERAL (
    SELECT NULL AS member WHERE NOT b.is_group
    UNION ALL
    SELECT DISTINCT s.recipient FROM status_event s
    WHERE b.is_group AND s.message_id = b.message_id AND s.message_id BETWEEN $4 AND $5 AND s.attempt_no = b.attempt_no AND s.rank >= $3 AND s.recipient <> b.recipient
  ) g
)
SELECT k.wamid, k.message_id AS "messageId", k.attempt_no AS "attemptNo", k.client_id AS "clientId", k.phone_number_id AS "phoneNumberId",
  w.id AS "wabaId", w.portfolio_id AS "portfolioId", w.currency, w.timezone, k.recipient,
  p.pricing_category AS "pricingCategory", p.pricing_type AS "pricingType", p.pricing_model AS "pricingModel",
  p.conversation_id AS "conversationId", e.ts::float8 AS "chargedAt",${STANDING}
FROM k
JOIN sender s ON s.phone_number_id = k.phone_number_id
JOIN waba w ON w.id = s.waba_id
JOIN LATERAL (
  SELECT coalesce(s.pricing_category, '${UNNAMED_CATEGORY}') AS pricing_category, s.pricing_type, s.pricing_model, s.conversation ->> 'id' AS conversation_id
  FROM status_event s
  WHERE s.message_id = k.message_id AND s.message_id BETWEEN $4 AND $5 AND s.attempt_no = k.attempt_no
    AND (s.pricing_category IS NOT NULL OR s.pricing_type IS NOT NULL)
  ORDER BY s.pricing_category IS NULL, s.recipient IS NOT DISTINCT FROM k.member DESC, s.ts, s.rank, s.recipient, s.pricing_category, s.pricing_type LIMIT 1
) p ON true
JOIN LATERAL (
  SELECT min(s.ts) AS ts FROM status_event s
  WHERE s.message_id = k.message_id AND s.message_id BETWEEN $4 AND $5 AND s.attempt_no = k.attempt_no AND s.rank >= $3
    AND (k.member IS NULL OR s.recipient = k.member)
) e ON e.ts IS NOT NULL
LEFT JOIN charge c ON c.wamid = k.wamid
ORDER BY e.ts, k.wamid`,
};

/** The same of statuses whose message is not ours. Uses orphan_status' primary key. */
const READ_FOREIGN_FACTS: Statement = {
  name: 'read-foreign-charge-facts',
  sql: `
WITH k AS (
  SELECT DISTINCT o.wamid AS sent, concat_ws(' ', o.wamid, o.item ->> 'participant') AS wamid, o.item ->> 'participant' AS member
  FROM orphan_status o
  WHERE o.wamid = ANY($1::text[]) AND (o.item ->> 'rank')::int >= $2
    AND (o.item ->> 'participant' IS NOT NULL OR o.item ->> 'recipient' ~ '^(\\d*$|[A-Z]{2}[.])')
)
SELECT k.wamid, NULL AS "messageId", NULL AS "attemptNo", NULL AS "clientId", s.phone_number_id AS "phoneNumberId",
  w.id AS "wabaId", w.portfolio_id AS "portfolioId", w.currency, w.timezone, p.recipient,
  coalesce(p.pricing ->> 'category', '${UNNAMED_CATEGORY}') AS "pricingCategory", p.pricing ->> 'type' AS "pricingType", p.pricing ->> 'model' AS "pricingModel",
  p.conversation_id AS "conversationId", e.ts::float8 AS "chargedAt",${STANDING}
FROM k
JOIN LATERAL (
  SELECT o.item -> 'pricing' AS pricing, o.item -> 'conversation' ->> 'id' AS conversation_id, coalesce(k.member, o.item ->> 'recipient') AS recipient,
    o.item ->> 'phoneNumberId' AS phone_number_id
  FROM orphan_status o
  WHERE o.wamid = k.sent AND (o.item -> 'pricing' ->> 'category' IS NOT NULL OR o.item -> 'pricing' ->> 'type' IS NOT NULL)
  ORDER BY o.item -> 'pricing' ->> 'category' IS NULL, o.item ->> 'participant' IS NOT DISTINCT FROM k.member DESC, o.ts, (o.item ->> 'rank')::int, recipient,
    o.item -> 'pricing' ->> 'category', o.item -> 'pricing' ->> 'type' LIMIT 1
) p ON true
JOIN LATERAL (
  SELECT min(o.ts) AS ts FROM orphan_status o WHERE o.wamid = k.sent AND (o.item ->> 'rank')::int >= $2
    AND o.item ->> 'participant' IS NOT DISTINCT FROM k.member
) e ON e.ts IS NOT NULL
JOIN sender s ON s.phone_number_id = p.phone_number_id
JOIN waba w ON w.id = s.waba_id
LEFT JOIN charge c ON c.wamid = k.wamid
WHERE c.message_id IS NULL
ORDER BY e.ts, k.wamid`,
};

/** Two transactions that hear of one foreign message take turns, so that the later sees what the earlier kept. */
const LOCK_WAMIDS: Statement = {
  name: 'lock-foreign-wamids',
  sql: `SELECT pg_advisory_xact_lock(k) FROM (SELECT DISTINCT hashtextextended(wamid, 0) AS k FROM unnest($1::text[]) v(wamid) ORDER BY 1) v`,
};

/** Meta's rank of `delivered`: from there on a message is paid for (protocol §9). */
const DELIVERED_RANK = 4;
export const isDeliveredRank = (rank: number): boolean => rank >= DELIVERED_RANK;

/** What is known of attempts that can be charged, in the order of their delivery. */
export function readChargeFacts(
  tx: Tx,
  attempts: readonly { messageId: string; attemptNo: number }[],
): Promise<ChargeFacts[]> {
  return tx.query<ChargeFacts>(READ_CHARGE_FACTS, [
    attempts.map(({ messageId }) => messageId),
    attempts.map(({ attemptNo }) => attemptNo),
    DELIVERED_RANK,
    ...monthBounds(attempts.map(({ messageId }) => messageId)),
  ]);
}

/** The same of messages of other systems. Call `lockForeign` before their statuses are kept. */
export function readForeignFacts(tx: Tx, wamids: readonly string[]): Promise<ChargeFacts[]> {
  return tx.query<ChargeFacts>(READ_FOREIGN_FACTS, [wamids, DELIVERED_RANK]);
}

export async function lockForeign(tx: Tx, wamids: readonly string[]): Promise<void> {
  await tx.query(LOCK_WAMIDS, [wamids]);
}
