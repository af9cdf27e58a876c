import type { LocalDate } from '../../domain/local-date.js';
import { rateCategoryOf } from '../../domain/price-category.js';

/** What is compared with what: messages of a day, market, category and type of pricing. */
export interface ComparedKey {
  day: LocalDate;
  market: string;
  category: string;
  type: string;
}

/** Charges of ours, added up. Micro-units of the account's currency. */
export interface OurFigures extends ComparedKey {
  /** Of our clients. */
  messages: number;
  amountMicros: bigint;
  /** Of other systems that send from the account's numbers: Meta counts them, too. */
  foreignMessages: number;
  foreignAmountMicros: bigint;
  /** At nothing because their rate or type is not known: they explain a difference of amounts. */
  unpriced: number;
}

/** What Meta says of the same. */
export interface MetaFigures extends ComparedKey {
  country: string | null;
  messages: number;
  amountMicros: bigint | null;
}

/** Both, side by side. */
export interface Comparison extends OurFigures {
  /** Of Meta's figures, sorted. */
  countries: string[];
  metaMessages: number;
  /** Null: Meta does not tell what it cost. */
  metaAmountMicros: bigint | null;
}

const NONE = { messages: 0, amountMicros: 0n, foreignMessages: 0, foreignAmountMicros: 0n, unpriced: 0 };

/**
 * Under which category and type a message is compared. In an open window Meta's figures call everything that was free `service`,
 * its webhooks call a utility template `utility`; groups and the Marketing Messages API have categories in webhooks alone.
 */
export function comparedAs(category: string, type: string | null): Pick<ComparedKey, 'category' | 'type'> {
  if (type === 'free_entry_point' || category === 'referral_conversion')
    return { category: 'referral_conversion', type: 'free_entry_point' };
  if (type === 'free_customer_service' || type === 'free_group_customer_service')
    return { category: 'service', type: 'free_customer_service' };
  return { category: rateCategoryOf(category) ?? category, type: type ?? 'regular' };
}

/** A row for each key that either side has, in the order of keys. */
export function compare(ours: readonly OurFigures[], meta: readonly MetaFigures[]): Comparison[] {
  const rows = new Map<string, Comparison>();
  const rowOf = ({ day, market, category, type }: ComparedKey): Comparison => {
    const key = [day, market, category, type].join('\n');
    const row = rows.get(key) ?? {
      ...{ day, market, category, type },
      ...NONE,
      ...{ countries: [], metaMessages: 0, metaAmountMicros: 0n },
    };
    rows.set(key, row);
    return row;
  };
  for (const figures of ours) {
    const row = rowOf(figures);
    row.messages += figures.messages;
    row.amountMicros += figures.amountMicros;
    row.foreignMessages += figures.foreignMessages;
    row.foreignAmountMicros += figures.foreignAmountMicros;
    row.unpriced += figures.unpriced;
  }
  for (const { country, messages, amountMicros, ...key } of meta) {
    const row = rowOf(key);
    row.metaMessages += messages;
    row.metaAmountMicros =
      amountMicros === null || row.metaAmountMicros === null ? null : row.metaAmountMicros + amountMicros;
    if (country !== null && !row.countries.includes(country)) row.countries.push(country);
  }
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => ({ ...row, countries: row.countries.toSorted() }));
}
