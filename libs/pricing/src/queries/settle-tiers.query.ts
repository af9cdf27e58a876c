import type { Statement, Tx } from '#persistence';
import type { TierKey } from './count-tier-usage.query.js';

const TAKE_DIRTY: Statement = {
  name: 'take-dirty-tier-usage',
  sql: `
UPDATE tier_usage SET is_dirty = false
WHERE (portfolio_id, market, category, month) IN (
  SELECT portfolio_id, market, category, month FROM tier_usage WHERE is_dirty ORDER BY month, portfolio_id, market, category
  LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING portfolio_id AS "portfolioId", market, category, month::text`,
};

/** Takes a month whose charges may have to be adjusted, and holds back what would be charged to it meanwhile. */
export async function takeDirtyUsage(tx: Tx): Promise<TierKey | undefined> {
  const [key] = await tx.query<TierKey>(TAKE_DIRTY, []);
  return key;
}

/**
 * The charges of a month in the order of their delivery, each at the rate that its place gives it: what that makes more or less
 * than what was recorded is the adjustment, one row a currency; nothing of a currency that no charge of the month is in any more. Uses charge_tier.
 */
const ADJUST_TIERS: Statement = {
  name: 'adjust-tiers',
  sql: `
INSERT INTO tier_adjustment AS a (portfolio_id, market, category, month, currency, amount_micros)
SELECT $1, $2, $3, $4, c.currency, coalesce(sum(r.rate_micros - c.amount_micros) FILTER (WHERE c.mark = 'rated'), 0)
FROM (
  SELECT currency, mark, card_id, amount_micros, row_number() OVER (ORDER BY charged_at, wamid) AS n
  FROM charge WHERE portfolio_id = $1 AND market = $2 AND category = $3 AND month = $4::date AND tier_position IS NOT NULL
  UNION ALL
  SELECT currency, NULL, NULL, 0, NULL FROM tier_adjustment WHERE portfolio_id = $1 AND market = $2 AND category = $3 AND month = $4::date
) c
LEFT JOIN rate r ON r.card_id = c.card_id AND r.market = $2 AND r.category = $3 AND r.tier_from <= c.n AND (r.tier_to IS NULL OR c.n <= r.tier_to)
GROUP BY c.currency
ON CONFLICT (portfolio_id, market, category, month, currency) DO UPDATE SET amount_micros = excluded.amount_micros, updated_at = now()`,
};

export async function adjustTiers(tx: Tx, { portfolioId, market, category, month }: TierKey): Promise<void> {
  await tx.query(ADJUST_TIERS, [portfolioId, market, category, month]);
}
