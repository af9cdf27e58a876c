import type { LocalDate } from './local-date.js';
import { MARKETS } from './market.js';
import { parseMicros } from './money.js';
import { RATE_CATEGORIES, type RateCategory } from './price-category.js';

/** One rate of a card; without tiers it is `tierFrom` 1 and `tierTo` null. */
export interface CardRate {
  market: string;
  category: RateCategory;
  tierFrom: bigint;
  tierTo: bigint | null;
  rateMicros: bigint;
}

/** When a card holds: from a day on, until the day before `validUntil`, or without end. */
export interface Validity {
  validFrom: LocalDate;
  validUntil: LocalDate | null;
}

/** A line of a file, as its cells. */
export interface CardLine {
  line: number;
  cells: string[];
}

/** What is wrong in a file, and in which line. */
export interface LineProblem {
  file: 'card' | 'tiers';
  line: number;
  problem: string;
}

type Checked = { rates: CardRate[]; problems: LineProblem[] };

const MARKET_COLUMN = 'market';
const TIER_COLUMNS = ['market', 'category', 'from', 'to', 'rate'] as const;
const NO_RATE = new Set(['', '-', '–', '—', 'n/a']);

/**
 * Reads a card in Meta's layout: after any lines of title a header with `Market` and a column for each category
 * (`Authentication-International`, …), then a line for each market. An empty cell or a dash is no rate; a currency sign before a
 * number is ignored, other columns are too.
 */
export function readCard(lines: readonly CardLine[], currency: string): Checked {
  const at = lines.findIndex(({ cells }) => cells.some((cell) => columnName(cell) === MARKET_COLUMN));
  const header = lines[at]?.cells.map(columnName);
  if (header === undefined) return broken('card', 1, 'No line has the header "Market"');
  const categories = RATE_CATEGORIES.filter((category) => header.includes(category));
  if (categories.length === 0)
    return broken('card', lines[at]?.line ?? 1, `No column is one of ${RATE_CATEGORIES.join(', ')}`);
  const result: Checked = { rates: [], problems: [] };
  const seen = new Map<string, number>();
  for (const { line, cells } of lines.slice(at + 1)) {
    const cell = (column: string) => (cells[header.indexOf(column)] ?? '').trim();
    const market = cell(MARKET_COLUMN);
    const tell = (problem: string) => result.problems.push({ file: 'card', line, problem });
    const earlier = seen.get(market);
    if (earlier !== undefined) tell(`"${market}" stands in line ${earlier} already`);
    seen.set(market, line);
    if (!MARKETS.includes(market)) tell(`"${market}" is no market that is known`);
    if (header.includes('currency') && cell('currency') !== '' && !cell('currency').includes(currency))
      tell(`currency is "${cell('currency')}", the card's is ${currency}`);
    for (const category of categories) {
      const text = cell(category);
      if (NO_RATE.has(text.toLowerCase())) continue;
      const rateMicros = readRate(text);
      if (rateMicros === null) tell(`${category} is no rate: "${text}"`);
      else result.rates.push({ market, category, tierFrom: 1n, tierTo: null, rateMicros });
    }
  }
  if (seen.size === 0) return broken('card', lines[at]?.line ?? 1, 'No market follows the header');
  return result;
}

/**
 * Reads volume tiers: a header with market, category, from, to and rate, then a line for each tier, `to` empty in the last. The
 * tiers of a market and category must follow each other from 1 on without a gap and without end.
 */
export function readTiers(lines: readonly CardLine[]): Checked {
  const [first, ...rest] = lines;
  const header = first?.cells.map(columnName) ?? [];
  const missing = TIER_COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0) return broken('tiers', first?.line ?? 1, `The header lacks ${missing.join(', ')}`);
  const result: Checked = { rates: [], problems: [] };
  const next = new Map<string, bigint | null>();
  const last = new Map<string, CardLine['line']>();
  for (const { line, cells } of rest) {
    const cell = (column: string) => (cells[header.indexOf(column)] ?? '').trim();
    const tell = (problem: string) => result.problems.push({ file: 'tiers', line, problem });
    const [market, rateMicros] = [cell('market'), readRate(cell('rate'))];
    const category = RATE_CATEGORIES.find((known) => known === columnName(cell('category')));
    const [tierFrom, tierTo] = [readCount(cell('from')), cell('to') === '' ? null : readCount(cell('to'))];
    if (!MARKETS.includes(market)) tell(`"${market}" is no market that is known`);
    if (category === undefined) tell(`"${cell('category')}" is none of ${RATE_CATEGORIES.join(', ')}`);
    if (rateMicros === null) tell(`rate is none: "${cell('rate')}"`);
    if (tierFrom === undefined || tierTo === undefined) {
      tell(`from and to must be whole numbers, "${cell('from')}" and "${cell('to')}" are not`);
      continue;
    }
    const key = `${market} ${category}`;
    const due = next.has(key) ? next.get(key) : 1n;
    if (due !== tierFrom)
      tell(
        due === null
          ? 'it follows a tier without end'
          : `from is ${tierFrom}, the tier before ends at ${(due ?? 1n) - 1n}`,
      );
    if (tierTo !== null && tierTo < tierFrom) tell(`to is ${tierTo}, which is before from, ${tierFrom}`);
    next.set(key, tierTo === null ? null : tierTo + 1n);
    last.set(key, line);
    if (category !== undefined && rateMicros !== null)
      result.rates.push({ market, category, tierFrom, tierTo, rateMicros });
  }
  for (const [key, line] of last)
    if (next.get(key) !== null)
      result.problems.push({
        file: 'tiers',
        line,
        problem: 'it is the last tier of its market and category: to must be empty',
      });
  return result;
}

/** Tiers take the place of the list rate of their market and category. */
export function withTiers(card: readonly CardRate[], tiers: readonly CardRate[]): CardRate[] {
  const tiered = new Set(tiers.map(({ market, category }) => `${market} ${category}`));
  return [...card.filter(({ market, category }) => !tiered.has(`${market} ${category}`)), ...tiers];
}

/** Whether two cards of a currency claim the same day. An open card ends where a later one begins. */
export function overlaps(one: Validity, other: Validity): boolean {
  const [earlier, later] = one.validFrom <= other.validFrom ? [one, other] : [other, one];
  if (earlier.validFrom === later.validFrom) return true;
  return earlier.validUntil !== null && earlier.validUntil > later.validFrom;
}

const broken = (file: LineProblem['file'], line: number, problem: string): Checked => ({
  rates: [],
  problems: [{ file, line, problem }],
});

const columnName = (cell: string) =>
  cell
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '_');

/** A rate, with or without a currency sign before it; null if it is none. */
const readRate = (text: string) => parseMicros(text.replace(/^[^\d.,-]+/, ''));

const readCount = (text: string) => (/^\d{1,15}$/.test(text) ? BigInt(text) : undefined);
