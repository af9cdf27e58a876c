import type { Statement, Tx } from '#persistence';
import type { ReportQuery } from '../domain/report-query.js';

/** A report as SQL: what it is read from and added up to. All of it are words of ours; what callers say are values. */
export interface GroupedSource {
  name: string;
  /** A view of schema `reporting` with the columns day and sender. */
  view: string;
  /** Narrows the view by what has an index, a day wider than the days $1 to $2 on both sides. */
  within?: string;
  measures: string;
  /** Columns that always group, after those that were asked for. */
  always?: readonly string[];
  orderBy?: string;
}

/** The instants that all days from $1 to $2 lie in, whatever the time zone. */
export const RANGE_FROM = `(($1::date - 1)::timestamp AT TIME ZONE 'UTC')`;
export const RANGE_TO = `(($2::date + 2)::timestamp AT TIME ZONE 'UTC')`;

/** Days and months are shown as texts; every other dimension is a column of its name, and all are grouped by it. */
const EXPRESSIONS: Readonly<Record<string, string>> = { day: 'day::text', month: `to_char(month, 'YYYY-MM')` };

export const WHERE = 'day BETWEEN $1::date AND $2::date AND ($3::text[] IS NULL OR sender = ANY ($3))';

/** The dimensions as a list for SELECT, each followed by a comma. */
export const selected = (dimensions: readonly string[]): string =>
  dimensions.map((dimension) => `${EXPRESSIONS[dimension] ?? dimension} AS "${dimension}", `).join('');

/** What WHERE has in the places $1 to $3. */
export const valuesOf = ({ from, to, senders }: Omit<ReportQuery<string>, 'groupBy'>): unknown[] => [
  from,
  to,
  senders === 'all' ? null : senders,
];

function groupedStatement(source: GroupedSource, asked: readonly string[]): Statement {
  const { name, view, within, measures, always = [], orderBy } = source;
  const grouping = [...asked, ...always];
  const columns = grouping.join(', ');
  return {
    name: `${name} ${asked.join(' ')}`,
    sql: `
SELECT ${selected(grouping)}${measures}
FROM ${view} WHERE ${WHERE}${within === undefined ? '' : ` AND ${within}`}
${grouping.length === 0 ? '' : `GROUP BY ${columns} ORDER BY ${orderBy ?? columns}`}`,
  };
}

/** The dimensions that were asked for, in the order in which a report has them. */
export const inOrder = <Dimension extends string>(
  dimensions: readonly Dimension[],
  asked: readonly Dimension[],
): Dimension[] => dimensions.filter((dimension) => asked.includes(dimension));

/** Adds up by the dimensions, in the order given. */
export function readGrouped<Row>(
  tx: Pick<Tx, 'query'>,
  source: GroupedSource,
  query: ReportQuery<string>,
): Promise<Row[]> {
  return tx.query<Row>(groupedStatement(source, query.groupBy), valuesOf(query));
}
