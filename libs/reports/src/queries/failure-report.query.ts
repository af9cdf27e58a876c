import type { Tx } from '#persistence';
import { FAILURE_DIMENSIONS, type FailureDimension } from '../domain/report-dimensions.js';
import type { Report, ReportQuery, ReportRow } from '../domain/report-query.js';
import { type GroupedSource, inOrder, readGrouped } from './grouped.js';

const ALWAYS = ['failure', 'title', 'advice'] as const;

const FAILURES: GroupedSource = {
  name: 'failure-report',
  view: 'reporting.failures',
  measures: 'sum(messages)::float8 AS messages',
  always: ALWAYS,
  orderBy: 'messages DESC, failure',
};

/** Failed messages by the dimensions and by code, the most frequent first, with what the error table says of it. */
export async function readFailures(tx: Pick<Tx, 'query'>, query: ReportQuery<FailureDimension>): Promise<Report> {
  const groupBy = inOrder(FAILURE_DIMENSIONS, query.groupBy);
  const rows = await readGrouped<ReportRow>(tx, FAILURES, { ...query, groupBy });
  return { columns: [...groupBy, ...ALWAYS, 'messages'], rows };
}
