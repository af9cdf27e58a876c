import type { Statement, Tx } from '#persistence';
import { comparedAs, type OurFigures } from '../domain/compare.js';
import type { DayRange } from '../domain/range.js';

interface Row {
  day: string;
  market: string;
  category: string;
  type: string | null;
  messages: number;
  amountMicros: string;
  foreignMessages: number;
  foreignAmountMicros: string;
  unpriced: number;
}

/** Market of what names no country, such as a group. */
export const NO_MARKET = 'unknown';

/** Index: charge (waba_id, day). */
const CHARGED_FIGURES: Statement = {
  name: 'charged-figures',
  sql: `
SELECT day::text, coalesce(market, $4) AS market, pricing_category AS category, pricing_type AS type,
  (count(*) FILTER (WHERE message_id IS NOT NULL))::float8 AS messages,
  coalesce(sum(amount_micros) FILTER (WHERE message_id IS NOT NULL), 0)::text AS "amountMicros",
  (count(*) FILTER (WHERE message_id IS NULL))::float8 AS "foreignMessages",
  coalesce(sum(amount_micros) FILTER (WHERE message_id IS NULL), 0)::text AS "foreignAmountMicros",
  (count(*) FILTER (WHERE mark IN ('rate_missing', 'type_unknown')))::float8 AS unpriced
FROM charge WHERE waba_id = $1 AND day BETWEEN $2::date AND $3::date
GROUP BY 1, 2, 3, 4`,
};

/** What an account was charged on each day, under the words by which it is compared. */
export async function readChargedFigures(
  tx: Pick<Tx, 'query'>,
  wabaId: string,
  { from, to }: DayRange,
): Promise<OurFigures[]> {
  const rows = await tx.query<Row>(CHARGED_FIGURES, [wabaId, from, to, NO_MARKET]);
  return rows.map(({ category, type, amountMicros, foreignAmountMicros, ...row }) => ({
    ...row,
    ...comparedAs(category, type),
    amountMicros: BigInt(amountMicros),
    foreignAmountMicros: BigInt(foreignAmountMicros),
  }));
}
