import type { Statement, Tx } from '#persistence';
import type { Report, ReportQuery, ReportRow } from '../domain/report-query.js';

const READ_HISTORY: Statement = {
  name: 'limits-history-report',
  sql: `
SELECT h.sender, h.waba, h.portfolio, h."limit", h.value, h.known_at AS "knownAt", h.seen_at AS "seenAt", h.source
FROM reporting.limits_history h
WHERE h.day BETWEEN $2::date AND $3::date AND ($1::text[] IS NULL OR h.sender = ANY ($1)
  OR (h.sender IS NULL AND h.waba IN (SELECT s.waba FROM reporting.senders s WHERE s.sender = ANY ($1))))
ORDER BY h.known_at, h.waba, h.sender NULLS FIRST, h."limit", h.source, h.value`,
};

/** What Meta told of limits and quality in a range of days, oldest first; `sender` null: of the whole account. */
export async function readLimitsHistory(
  tx: Pick<Tx, 'query'>,
  { from, to, senders }: Omit<ReportQuery<string>, 'groupBy'>,
): Promise<Report> {
  const rows = await tx.query<ReportRow & { knownAt: Date; seenAt: Date }>(READ_HISTORY, [
    senders === 'all' ? null : senders,
    from,
    to,
  ]);
  return {
    columns: ['sender', 'waba', 'portfolio', 'limit', 'value', 'knownAt', 'seenAt', 'source'],
    rows: rows.map((row) => ({ ...row, knownAt: row.knownAt.toISOString(), seenAt: row.seenAt.toISOString() })),
  };
}
