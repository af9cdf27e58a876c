import type { Statement, Tx } from '#persistence';
import type { TierRate } from '../domain/tiers.js';

/** The card of a currency that holds on a day, with all its rates. */
export interface CardOfDay {
  validFrom: string;
  isOfficial: boolean;
  /** By `<market> <category>`. */
  rates: ReadonlyMap<string, readonly TierRate[]>;
}

interface Row {
  validFrom: string;
  isOfficial: boolean;
  market: string;
  category: string;
  from: string;
  to: string | null;
  rateMicros: string;
}

/** A few hundred rows. Uses rate_card (currency, valid_from) and rate's primary key. */
const CARD_OF_DAY: Statement = {
  name: 'card-of-day',
  sql: `
SELECT c.valid_from::text AS "validFrom", c.is_official AS "isOfficial", r.market, r.category, r.tier_from::text AS "from",
  r.tier_to::text AS "to", r.rate_micros::text AS "rateMicros"
FROM (
  SELECT * FROM rate_card WHERE currency = $1 AND valid_from <= $2::date AND (valid_until IS NULL OR $2::date < valid_until)
  ORDER BY valid_from DESC LIMIT 1
) c JOIN rate r ON r.card_id = c.id
ORDER BY r.market, r.category, r.tier_from`,
};

/** Null when no card of the currency holds on the day. */
export async function readCardOfDay(tx: Pick<Tx, 'query'>, currency: string, day: string): Promise<CardOfDay | null> {
  const rows = await tx.query<Row>(CARD_OF_DAY, [currency, day]);
  const [first] = rows;
  if (first === undefined) return null;
  const rates = new Map<string, TierRate[]>();
  for (const { market, category, from, to, rateMicros } of rows) {
    const tiers = rates.get(`${market} ${category}`) ?? [];
    tiers.push({ from: BigInt(from), to: to === null ? null : BigInt(to), rateMicros: BigInt(rateMicros) });
    rates.set(`${market} ${category}`, tiers);
  }
  return { validFrom: first.validFrom, isOfficial: first.isOfficial, rates };
}

const VOLUME_OF: Statement = {
  name: 'tier-volume',
  sql: `SELECT volume::text FROM tier_usage WHERE portfolio_id = $1 AND market = $2 AND category = $3 AND month = $4::date`,
};

/** How many messages a portfolio was charged for in a month, of a market and category. */
export async function readTierVolume(
  tx: Pick<Tx, 'query'>,
  key: { portfolioId: string; market: string; category: string; month: string },
): Promise<bigint> {
  const [row] = await tx.query<{ volume: string }>(VOLUME_OF, [key.portfolioId, key.market, key.category, key.month]);
  return BigInt(row?.volume ?? '0');
}
