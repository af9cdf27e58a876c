import type { Statement, Tx } from '#persistence';
import { LATENCY_DIMENSIONS, type LatencyDimension } from '../domain/report-dimensions.js';
import type { Report, ReportQuery, ReportRow } from '../domain/report-query.js';
import { inOrder, selected, valuesOf, WHERE } from './grouped.js';

const PERCENTILES = [50, 90, 95, 99];
const FIGURES = ['messages', ...PERCENTILES.map((percent) => `p${percent}Seconds`)];

/** Percentiles of counted seconds: the least that so many per cent of the messages took at most. */
function latencyStatement(groupBy: readonly LatencyDimension[]): Statement {
  const groups = [...groupBy, 'step'].map((name) => `"${name}"`).join(', ');
  const percentiles = PERCENTILES.map(
    (percent) => `min(seconds) FILTER (WHERE upto >= ${percent / 100} * total) AS "p${percent}Seconds"`,
  );
  return {
    name: `latency-report ${groupBy.join(' ')}`,
    sql: `
SELECT ${groups}, sum(messages)::float8 AS messages, ${percentiles.join(', ')}
FROM (
  SELECT *, sum(messages) OVER (PARTITION BY ${groups} ORDER BY seconds) AS upto, sum(messages) OVER (PARTITION BY ${groups}) AS total
  FROM (
    SELECT ${selected([...groupBy, 'step'])}seconds, sum(messages) AS messages
    FROM reporting.latency WHERE ${WHERE} GROUP BY ${[...groupBy, 'step', 'seconds'].join(', ')}
  ) counted
) ranked
GROUP BY ${groups} ORDER BY ${groups}`,
  };
}

/** How long messages took from sent to delivered and to read, by Meta's clock; seconds. Messages without both are left out. */
export async function readLatency(tx: Pick<Tx, 'query'>, query: ReportQuery<LatencyDimension>): Promise<Report> {
  const groupBy = inOrder(LATENCY_DIMENSIONS, query.groupBy);
  const rows = await tx.query<ReportRow>(latencyStatement(groupBy), valuesOf(query));
  return { columns: [...groupBy, 'step', ...FIGURES], rows };
}
