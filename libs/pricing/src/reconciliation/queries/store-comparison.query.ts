import type { Statement, Tx } from '#persistence';
import type { Comparison } from '../domain/compare.js';
import type { DayRange } from '../domain/range.js';

/** An account and what of it decides on days and money. */
export interface Account {
  wabaId: string;
  timezone: string;
  currency: string;
}

const FORGET: Statement = {
  name: 'forget-comparison',
  sql: `DELETE FROM pricing_comparison WHERE waba_id = $1 AND day BETWEEN $2::date AND $3::date`,
};

const STORE: Statement = {
  name: 'store-comparison',
  sql: `
INSERT INTO pricing_comparison (waba_id, currency, day, market, category, pricing_type, countries, messages, amount_micros,
  foreign_messages, foreign_amount_micros, unpriced, meta_messages, meta_amount_micros)
SELECT $1, $2, v.day, v.market, v.category, v.pricing_type, string_to_array(v.countries, ' '), v.messages, v.amount_micros, v.foreign_messages,
  v.foreign_amount_micros, v.unpriced, v.meta_messages, v.meta_amount_micros
FROM unnest($3::date[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[],
  $12::bigint[], $13::bigint[], $14::bigint[])
  v(day, market, category, pricing_type, countries, messages, amount_micros, foreign_messages, foreign_amount_micros, unpriced,
    meta_messages, meta_amount_micros)`,
};

/** Puts comparisons in the place of those of the same days. Two that compare at once take turns: the account's row is locked first. */
export async function storeComparison(
  tx: Tx,
  { wabaId, currency }: Account,
  { from, to }: DayRange,
  rows: readonly Comparison[],
): Promise<void> {
  await tx.query(FORGET, [wabaId, from, to]);
  await tx.query(STORE, [
    wabaId,
    currency,
    rows.map(({ day }) => day),
    rows.map(({ market }) => market),
    rows.map(({ category }) => category),
    rows.map(({ type }) => type),
    rows.map(({ countries }) => countries.join(' ')),
    rows.map(({ messages }) => messages),
    rows.map(({ amountMicros }) => amountMicros),
    rows.map(({ foreignMessages }) => foreignMessages),
    rows.map(({ foreignAmountMicros }) => foreignAmountMicros),
    rows.map(({ unpriced }) => unpriced),
    rows.map(({ metaMessages }) => metaMessages),
    rows.map(({ metaAmountMicros }) => metaAmountMicros),
  ]);
}
