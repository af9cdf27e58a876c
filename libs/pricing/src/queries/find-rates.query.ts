import type { Statement, Tx } from '#persistence';
import type { TierRate } from '../domain/tiers.js';

/** Which rates are asked for: those of the card that holds on a day. */
export interface RateKey {
  currency: string;
  market: string;
  category: string;
  day: string;
}

/** The rates of a key, by tier. */
export interface FoundRates {
  cardId: string;
  tiers: TierRate[];
}

interface Row {
  n: number;
  cardId: string;
  from: string;
  to: string | null;
  rateMicros: string;
}

/** Uses rate_card (currency, valid_from) and rate's primary key. */
const FIND_RATES: Statement = {
  name: 'find-rates',
  sql: `
SELECT k.n::int, c.id AS "cardId", r.tier_from::text AS "from", r.tier_to::text AS "to", r.rate_micros::text AS "rateMicros"
FROM unnest($1::text[], $2::text[], $3::text[], $4::date[]) WITH ORDINALITY k(currency, market, category, day, n)
JOIN LATERAL (
  SELECT id FROM rate_card c WHERE c.currency = k.currency AND c.valid_from <= k.day AND (c.valid_until IS NULL OR k.day < c.valid_until)
  ORDER BY c.valid_from DESC LIMIT 1
) c ON true
JOIN rate r ON r.card_id = c.id AND r.market = k.market AND r.category = k.category
ORDER BY k.n, r.tier_from`,
};

/** Rates by key; a key without any is not in the map. `rateKey` makes its names. */
export async function findRates(tx: Tx, keys: readonly RateKey[]): Promise<ReadonlyMap<string, FoundRates>> {
  const distinct = [...new Map(keys.map((key) => [rateKey(key), key])).values()];
  const found = new Map<string, FoundRates>();
  if (distinct.length === 0) return found;
  const rows = await tx.query<Row>(FIND_RATES, [
    distinct.map(({ currency }) => currency),
    distinct.map(({ market }) => market),
    distinct.map(({ category }) => category),
    distinct.map(({ day }) => day),
  ]);
  for (const { n, cardId, from, to, rateMicros } of rows) {
    const key = rateKey(distinct[n - 1]!);
    const rates = found.get(key) ?? { cardId, tiers: [] };
    rates.tiers.push({ from: BigInt(from), to: to === null ? null : BigInt(to), rateMicros: BigInt(rateMicros) });
    found.set(key, rates);
  }
  return found;
}

/** A text that names a key. */
export const rateKey = ({ currency, market, category, day }: RateKey): string =>
  `${currency} ${day} ${category} ${market}`;
