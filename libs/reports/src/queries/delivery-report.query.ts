import type { Tx } from '#persistence';
import { rate } from '../domain/rate.js';
import { DELIVERY_DIMENSIONS, type DeliveryDimension } from '../domain/report-dimensions.js';
import type { Report, ReportQuery, ReportRow } from '../domain/report-query.js';
import { type GroupedSource, inOrder, RANGE_FROM, RANGE_TO, readGrouped } from './grouped.js';

const COUNTS = [
  'messages',
  'waiting',
  'accepted',
  'sent',
  'delivered',
  'read',
  'failed',
  'expired',
  'cancelled',
  'unknown',
] as const;

type Counts = Record<(typeof COUNTS)[number], number>;

const FUNNEL: GroupedSource = {
  name: 'delivery-report',
  view: 'reporting.delivery',
  measures: COUNTS.map((count) => `coalesce(sum(${count}), 0)::float8 AS ${count}`).join(', '),
};

/** Tags are not rolled up. Index: the primary key of message. */
const FUNNEL_BY_TAG: GroupedSource = {
  ...FUNNEL,
  view: 'reporting.delivery_by_tag',
  within: `id >= reporting.id_at(${RANGE_FROM}) AND id < reporting.id_at(${RANGE_TO})`,
};

/**
 * The funnel by the dimensions. `deliveredRate`: of what Meta took. `readRate`: of what was reported as delivered, the only messages
 * that there can be evidence of; contacts may turn read receipts off, so it is the least that can be true.
 */
export async function readDelivery(tx: Pick<Tx, 'query'>, query: ReportQuery<DeliveryDimension>): Promise<Report> {
  const groupBy = inOrder(DELIVERY_DIMENSIONS, query.groupBy);
  const source = groupBy.includes('tag') ? FUNNEL_BY_TAG : FUNNEL;
  const rows = await readGrouped<ReportRow & Counts>(tx, source, { ...query, groupBy });
  return {
    columns: [...groupBy, ...COUNTS, 'deliveredRate', 'readRate'],
    rows: rows.map((row) => ({
      ...row,
      deliveredRate: rate(row.delivered, row.accepted),
      readRate: rate(row.read, row.delivered),
    })),
  };
}
