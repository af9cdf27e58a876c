import type { Statement, Tx } from '#persistence';
import { COST_DIMENSIONS, type CostDimension } from '../domain/cost-dimensions.js';
import type { CostReportQuery } from '../domain/cost-report-query.js';

/** Costs of one group; dimensions that were not asked for are missing, what a charge has no value for is null. */
export interface CostReportRow extends Partial<Record<CostDimension, string | null>> {
  currency: string;
  messages: number;
  amountMicros: number;
  /** Messages at nothing because their rate or type is not known (yet). */
  unpriced: number;
}

const EXPRESSIONS: Readonly<Record<CostDimension, string>> = {
  day: 'c.day::text',
  month: `to_char(c.month, 'YYYY-MM')`,
  client: 'k.name',
  sender: 'c.phone_number_id',
  waba: 'c.waba_id',
  market: 'c.market',
  category: 'coalesce(c.category, c.pricing_category)',
  mark: 'c.mark',
  template: `n.content -> 'template' ->> 'name'`,
  tag: 't.tag',
};

const JOINS: Partial<Record<CostDimension, string>> = {
  client: 'LEFT JOIN client k ON k.id = c.client_id',
  template: 'LEFT JOIN message_content n ON n.id = c.message_id',
  tag: 'LEFT JOIN message_content g ON g.id = c.message_id LEFT JOIN LATERAL unnest(g.tags) t(tag) ON true',
};

/** The statement of a set of dimensions: only words of ours are in its text. Index: charge (waba_id, day), or a scan of the days. */
function costStatement(groupBy: readonly CostDimension[]): Statement {
  const columns = groupBy.map((dimension) => `${EXPRESSIONS[dimension]} AS "${dimension}", `).join('');
  const joins = groupBy.flatMap((dimension) => JOINS[dimension] ?? []).join(' ');
  const places = groupBy.map((_, index) => `${index + 1}, `).join('');
  return {
    name: `cost-report ${groupBy.join(' ')}`,
    sql: `
SELECT ${columns}c.currency, count(*)::float8 AS messages, sum(c.amount_micros)::float8 AS "amountMicros",
  (count(*) FILTER (WHERE c.mark IN ('rate_missing', 'type_unknown')))::float8 AS unpriced
FROM charge c ${joins}
WHERE c.day BETWEEN $1::date AND $2::date AND ($3::text[] IS NULL OR c.phone_number_id = ANY ($3))
GROUP BY ${places}c.currency ORDER BY ${places}c.currency`,
  };
}

/** Costs by the dimensions, in their order. */
export function readCosts(
  tx: Pick<Tx, 'query'>,
  { from, to, groupBy, senders }: CostReportQuery,
): Promise<CostReportRow[]> {
  const asked = COST_DIMENSIONS.filter((dimension) => groupBy.includes(dimension));
  return tx.query<CostReportRow>(costStatement(asked), [from, to, senders === 'all' ? null : senders]);
}

/** What tiers make of the volume of a month, more or less than its charges say; micro-units. */
export interface TierAdjustmentRow {
  portfolioId: string;
  market: string;
  category: string;
  /** `2026-11` */
  month: string;
  currency: string;
  amountMicros: number;
}

const READ_ADJUSTMENTS: Statement = {
  name: 'cost-report-adjustments',
  sql: `
SELECT a.portfolio_id AS "portfolioId", a.market, a.category, to_char(a.month, 'YYYY-MM') AS month, a.currency, a.amount_micros::float8 AS "amountMicros"
FROM tier_adjustment a
WHERE a.month BETWEEN $1::date AND $2::date AND a.amount_micros <> 0 AND ($3::text[] IS NULL OR EXISTS (
  SELECT FROM waba w JOIN sender s ON s.waba_id = w.id WHERE w.portfolio_id = a.portfolio_id AND s.phone_number_id = ANY ($3)))
ORDER BY a.month, a.portfolio_id, a.market, a.category, a.currency`,
};

/** Adjustments of the months that begin within the range. */
export function readAdjustments(
  tx: Pick<Tx, 'query'>,
  { from, to, senders }: Pick<CostReportQuery, 'from' | 'to' | 'senders'>,
): Promise<TierAdjustmentRow[]> {
  return tx.query<TierAdjustmentRow>(READ_ADJUSTMENTS, [from, to, senders === 'all' ? null : senders]);
}
