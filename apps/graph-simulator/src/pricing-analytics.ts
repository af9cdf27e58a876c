import type { AnalyticsQuery } from './domain/billing-ledger.js';
import type { Simulator } from './simulator.js';

const GRANULARITIES = ['HALF_HOUR', 'DAILY', 'MONTHLY'] as const;

/**
 * What `?fields=pricing_analytics.start(…).end(…).granularity(…)…` gives of an account: the value of the field, or what is wrong
 * with how it was asked; null when it was not asked for.
 */
export function pricingAnalytics(
  { ledger, settings }: Simulator,
  wabaId: string,
  fields: string,
): { value: object } | { problem: string } | null {
  if (!/\bpricing_analytics\b/.test(fields)) return null;
  const argument = (name: string) => new RegExp(`pricing_analytics\\b.*?\\.${name}\\(([^)]*)\\)`).exec(fields)?.[1];
  const [start, end] = [Number(argument('start')), Number(argument('end'))];
  const granularity = GRANULARITIES.find((known) => known === argument('granularity'));
  if (!Number.isInteger(start) || !Number.isInteger(end))
    return { problem: 'The parameters start and end are required.' };
  if (end <= start) return { problem: 'The parameter end must be later than start.' };
  if (granularity === undefined) return { problem: `Param granularity must be one of ${GRANULARITIES.join(', ')}.` };
  const dimensions = (argument('dimensions') ?? '').match(/[A-Z_]+/g) ?? [];
  const query: AnalyticsQuery = { start, end, granularity, dimensions };
  return { value: { data: [{ data_points: ledger.points(wabaId, query, settings.timezone) }] } };
}
