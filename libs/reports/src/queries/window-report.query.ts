import type { Tx } from '#persistence';
import { rate } from '../domain/rate.js';
import { WINDOW_DIMENSIONS, type WindowDimension } from '../domain/report-dimensions.js';
import type { Report, ReportQuery, ReportRow } from '../domain/report-query.js';
import { type GroupedSource, inOrder, RANGE_FROM, RANGE_TO, readGrouped } from './grouped.js';

/** Index: conversation_list; answers: message_recipient. */
const WINDOWS: GroupedSource = {
  name: 'window-report',
  view: 'reporting.windows',
  within: `opened_at >= ${RANGE_FROM} AND opened_at < ${RANGE_TO}`,
  measures: `(count(*) FILTER (WHERE kind = 'service'))::float8 AS opened, coalesce(sum(answered), 0)::float8 AS answered,
  coalesce(sum(free_entry_points), 0)::float8 AS "freeEntryPoints"`,
};

/**
 * Customer service windows that opened: how many of them were answered while they were open, and how many free entry points there
 * were for each.
 */
export async function readWindowFigures(tx: Pick<Tx, 'query'>, query: ReportQuery<WindowDimension>): Promise<Report> {
  const groupBy = inOrder(WINDOW_DIMENSIONS, query.groupBy);
  const rows = await readGrouped<ReportRow & Record<'opened' | 'answered' | 'freeEntryPoints', number>>(tx, WINDOWS, {
    ...query,
    groupBy,
  });
  return {
    columns: [...groupBy, 'opened', 'answered', 'answeredRate', 'freeEntryPoints', 'freeEntryShare'],
    rows: rows.map((row) => ({
      ...row,
      answeredRate: rate(row.answered, row.opened),
      freeEntryShare: rate(row.freeEntryPoints, row.opened),
    })),
  };
}
