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

/** Reads on in the primary key. */
const TAKE_MISPRICED: Statement = {
  name: 'take-mispriced-charges',
  sql: chargesWhere(
    `c.mark = 'rated' AND c.currency = $3 AND c.day >= $4::date AND ($5::date IS NULL OR c.day < $5::date) AND c.card_id <> $6`,
  ),
};

/** Charges by an earlier card without an end, of days for which there is this one since. @param after as above */
export const takeMispriced = (
  tx: Tx,
  { id, currency, validFrom, validUntil }: Validity & { id: string; currency: string },
  after: string,
  limit: number,
): Promise<ChargeFacts[]> => tx.query<ChargeFacts>(TAKE_MISPRICED, [after, limit, currency, validFrom, validUntil, id]);
