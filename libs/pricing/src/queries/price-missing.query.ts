import type { Statement, Tx } from '#persistence';
import type { Validity } from '../domain/rate-card.js';
import { type ChargeFacts, CHARGES_AS_FACTS } from './read-charge-facts.query.js';

/** Charges as facts to charge anew, in the order of their wamids; skips what another transaction prices. */
const chargesWhere = (condition: string) => `${CHARGES_AS_FACTS}
WHERE c.wamid > $1 AND ${condition}
ORDER BY c.wamid LIMIT $2 FOR UPDATE OF c SKIP LOCKED`;

/** Uses charge_rate_missing and rate's primary key; a card without a rate for service has that of utility. */
const TAKE_UNPRICED: Statement = {
  name: 'take-unpriced-charges',
  sql: chargesWhere(`c.mark = 'rate_missing' AND EXISTS (
  SELECT FROM (
    SELECT id FROM rate_card k WHERE k.currency = c.currency AND k.valid_from <= c.day AND (k.valid_until IS NULL OR c.day < k.valid_until)
    ORDER BY k.valid_from DESC LIMIT 1) k
  JOIN rate r ON r.card_id = k.id AND r.market = c.market AND r.category IN (c.category, CASE c.category WHEN 'service' THEN 'utility' END))`),
};

/** Charges without a rate that have one since. @param after the last wamid of the call before; '' begins */
export const takeUnpriced = (tx: Tx, after: string, limit: number): Promise<ChargeFacts[]> =>
  tx.query<ChargeFacts>(TAKE_UNPRICED, [after, limit]);

/** A card whose days may have charges by an earlier one. */
export type CardToReprice = Validity & { id: string; currency: string };

const UNSETTLED_CARDS: Statement = {
  name: 'cards-to-reprice',
  sql: `
SELECT k.id, k.currency, k.valid_from::text AS "validFrom",
  LEAST(k.valid_until, (SELECT min(n.valid_from) FROM rate_card n WHERE n.currency = k.currency AND n.valid_from > k.valid_from))::text AS "validUntil"
FROM rate_card k WHERE k.repriced_at IS NULL ORDER BY k.currency, k.valid_from`,
};

/** Cards of which it is not known that all charges of their days are by them; an open one ends where the next one begins. A few rows. */
export const cardsToReprice = (tx: Pick<Tx, 'query'>): Promise<CardToReprice[]> =>
  tx.query<CardToReprice>(UNSETTLED_CARDS, []);

/** Charges by another card than that of their day. Parameters from $n on: currency, first day, day after the last, card. */
const isMispriced = (n: number) =>
  `c.mark = 'rated' AND c.currency = $${n} AND c.day >= $${n + 1}::date AND ($${n + 2}::date IS NULL OR c.day < $${n + 2}::date) AND c.card_id <> $${n + 3}::uuid`;
const valuesOf = ({ id, currency, validFrom, validUntil }: CardToReprice) => [currency, validFrom, validUntil, id];

/** Reads on in the primary key. */
const TAKE_MISPRICED: Statement = { name: 'take-mispriced-charges', sql: chargesWhere(isMispriced(3)) };

/** Charges by an earlier card without an end, of days for which there is this one since. @param after as above */
export const takeMispriced = (tx: Tx, card: CardToReprice, after: string, limit: number): Promise<ChargeFacts[]> =>
  tx.query<ChargeFacts>(TAKE_MISPRICED, [after, limit, ...valuesOf(card)]);

const SETTLE_CARD: Statement = {
  name: 'settle-repriced-card',
  sql: `
UPDATE rate_card k SET repriced_at = now()
WHERE k.id = $5::uuid AND k.imported_at < now() - $1::int * interval '1 ms' AND NOT EXISTS (SELECT FROM charge c WHERE ${isMispriced(2)})`,
};

/**
 * Nothing is left to price anew for a card: it is not looked at again. Not before `settleMs` have passed since its import: a transaction
 * that had read the rates just before it may still charge by the card that stood. Reads through the charges once.
 */
export async function settleRepriced(tx: Pick<Tx, 'query'>, card: CardToReprice, settleMs: number): Promise<void> {
  await tx.query(SETTLE_CARD, [settleMs, ...valuesOf(card)]);
}
