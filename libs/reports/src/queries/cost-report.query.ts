import type { Statement, Tx } from '#persistence';
import { COST_DIMENSIONS, type CostDimension } from '../domain/report-dimensions.js';
import type { ReportQuery } from '../domain/report-query.js';
import { type GroupedSource, inOrder, RANGE_FROM, RANGE_TO, readGrouped, valuesOf } from './grouped.js';

/** Costs of one group; dimensions that were not asked for are missing, what a charge has no value for is null. */
export interface CostReportRow extends Partial<Record<CostDimension, string | null>> {
  currency: string;
  messages: number;
  amountMicros: number;
  /** Messages at nothing because their rate or type is not known (yet). */
  unpriced: number;
}

const COSTS: GroupedSource = {
  name: 'cost-report',
  view: 'reporting.cost',
  measures:
    'sum(messages)::float8 AS messages, sum(amount_micros)::float8 AS "amountMicros", sum(unpriced)::float8 AS unpriced',
  always: ['currency'],
};

/** Tags are not rolled up. Index: charge (charged_at). */
const COSTS_BY_TAG: GroupedSource = {
  ...COSTS,
  view: 'reporting.cost_by_tag',
  within: `charged_at >= ${RANGE_FROM} AND charged_at < ${RANGE_TO}`,
};

/** Costs by the dimensions, in their order. */
export function readCosts(tx: Pick<Tx, 'query'>, query: ReportQuery<CostDimension>): Promise<CostReportRow[]> {
  const groupBy = inOrder(COST_DIMENSIONS, query.groupBy);
  return readGrouped(tx, groupBy.includes('tag') ? COSTS_BY_TAG : COSTS, { ...query, groupBy });
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
  /** Whether the report has all the charges that it is about: else it belongs to no part of them. */
  isCounted: boolean;
}

/** Charges of the month whose day lies outside the range; a day begins up to 14 hours before that of UTC, and up to 12 after it. Uses charge_tier. */
const outside = (when: string) => `EXISTS (
    SELECT FROM charge c WHERE c.portfolio_id = a.portfolio_id AND c.market = a.market AND c.category = a.category AND c.month = a.month
      AND c.tier_position IS NOT NULL AND ${when})`;

const READ_ADJUSTMENTS: Statement = {
  name: 'cost-report-adjustments',
  sql: `
SELECT a.portfolio_id AS "portfolioId", a.market, a.category, to_char(a.month, 'YYYY-MM') AS month, a.currency, a.amount_micros::float8 AS "amountMicros",
  NOT (a.month < $1::date AND ${outside(`c.day < $1::date AND c.charged_at < ($1::date::timestamp AT TIME ZONE 'UTC') + interval '12 hours'`)})
  AND NOT ((a.month + interval '1 month')::date > $2::date + 1 AND ${outside(`c.day > $2::date AND c.charged_at >= (($2::date + 1)::timestamp AT TIME ZONE 'UTC') - interval '14 hours'`)})
  AND ($3::text[] IS NULL OR NOT EXISTS (
    SELECT FROM waba w JOIN sender s ON s.waba_id = w.id WHERE w.portfolio_id = a.portfolio_id AND s.phone_number_id <> ALL ($3))) AS "isCounted"
FROM tier_adjustment a
WHERE a.month <= $2::date AND (a.month + interval '1 month')::date > $1::date AND a.amount_micros <> 0 AND ($3::text[] IS NULL OR EXISTS (
  SELECT FROM waba w JOIN sender s ON s.waba_id = w.id WHERE w.portfolio_id = a.portfolio_id AND s.phone_number_id = ANY ($3)))
ORDER BY a.month, a.portfolio_id, a.market, a.category, a.currency`,
};

/**
 * Adjustments of the months that the range touches. Each belongs to all charges of its portfolio, market, category and month together, and is
 * counted where these are all in the report: from the first day of that month that has any to the last, of every sender of the portfolio.
 */
export function readAdjustments(
  tx: Pick<Tx, 'query'>,
  query: Omit<ReportQuery<string>, 'groupBy'>,
): Promise<TierAdjustmentRow[]> {
  return tx.query<TierAdjustmentRow>(READ_ADJUSTMENTS, valuesOf(query));
}
