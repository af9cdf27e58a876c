import type { Statement, Tx } from '#persistence';

/** What tiers are counted by. `month` is its first day. */
export interface TierKey {
  portfolioId: string;
  market: string;
  category: string;
  month: string;
}

/** A text that names a key. */
export const tierKey = ({ portfolioId, market, category, month }: TierKey): string =>
  `${portfolioId} ${month} ${category} ${market}`;

/**
 * A month whose charges are of several cards (or of none yet) depends on the order of delivery: it is dirty from then on.
 * Unique key: the primary key, locked in its order until the transaction ends.
 */
const COUNT_TIER_USAGE: Statement = {
  name: 'count-tier-usage',
  sql: `
INSERT INTO tier_usage AS u (portfolio_id, market, category, month, volume, is_dirty, card_id)
SELECT k.portfolio_id, k.market, k.category, k.month, k.volume, k.is_dirty OR k.card_id IS NULL, k.card_id
FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::bigint[], $6::bool[], $7::uuid[])
  k(portfolio_id, market, category, month, volume, is_dirty, card_id) ORDER BY 1, 2, 3, 4
ON CONFLICT (portfolio_id, market, category, month) DO UPDATE SET volume = u.volume + excluded.volume,
  is_dirty = u.is_dirty OR excluded.is_dirty OR u.card_id IS DISTINCT FROM excluded.card_id,
  card_id = CASE WHEN u.card_id = excluded.card_id THEN u.card_id END
RETURNING portfolio_id AS "portfolioId", market, category, month::text, volume::text`,
};

/** A change of a month's volume; `isDirty`: its charges are not in the order of their delivery any more. */
export interface UsageChange extends TierKey {
  added: number;
  isDirty: boolean;
  /** The one card that its messages are priced by; null when there are several, or none. */
  cardId: string | null;
}

/** Counts messages of tiers. @returns the volume after, by `tierKey` */
export async function countTierUsage(tx: Tx, changes: readonly UsageChange[]): Promise<ReadonlyMap<string, bigint>> {
  if (changes.length === 0) return new Map();
  const rows = await tx.query<TierKey & { volume: string }>(COUNT_TIER_USAGE, [
    changes.map(({ portfolioId }) => portfolioId),
    changes.map(({ market }) => market),
    changes.map(({ category }) => category),
    changes.map(({ month }) => month),
    changes.map(({ added }) => added),
    changes.map(({ isDirty }) => isDirty),
    changes.map(({ cardId }) => cardId),
  ]);
  return new Map(rows.map((row) => [tierKey(row), BigInt(row.volume)]));
}
