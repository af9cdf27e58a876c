import type { Statement, Tx } from '#persistence';
import type { ChargeFacts } from './read-charge-facts.query.js';

/**
 * Charges without a rate whose day a card of their currency has since come to hold for, as facts to charge anew. Uses
 * charge_rate_missing; skips what another transaction prices.
 */
const TAKE_UNPRICED: Statement = {
  name: 'take-unpriced-charges',
  sql: `
SELECT c.wamid, c.message_id AS "messageId", c.attempt_no AS "attemptNo", c.client_id AS "clientId", c.phone_number_id AS "phoneNumberId",
  c.waba_id AS "wabaId", c.portfolio_id AS "portfolioId", c.currency, w.timezone, c.recipient, c.pricing_category AS "pricingCategory",
  c.pricing_type AS "pricingType", c.pricing_model AS "pricingModel", c.conversation_id AS "conversationId",
  false AS "isConversationPaid", extract(epoch FROM c.charged_at)::float8 AS "chargedAt",
  jsonb_build_object('messageId', c.message_id, 'chargedAt', -1, 'pricingCategory', c.pricing_category, 'pricingType', c.pricing_type,
    'market', c.market, 'category', c.category, 'month', c.month, 'tierPosition', c.tier_position::text) AS standing
FROM charge c JOIN waba w ON w.id = c.waba_id
WHERE c.mark = 'rate_missing' AND c.currency = $1 AND c.day >= $2::date AND ($3::date IS NULL OR c.day < $3::date) AND c.wamid > $4
ORDER BY c.wamid LIMIT $5 FOR UPDATE OF c SKIP LOCKED`,
};

/** @param after the last wamid of the call before; '' begins */
export function takeUnpriced(
  tx: Tx,
  card: { currency: string; validFrom: string; validUntil: string | null },
  after: string,
  limit: number,
): Promise<ChargeFacts[]> {
  return tx.query<ChargeFacts>(TAKE_UNPRICED, [card.currency, card.validFrom, card.validUntil, after, limit]);
}
