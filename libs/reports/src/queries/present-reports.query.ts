import type { Statement, Tx } from '#persistence';
import type { Report, ReportQuery, ReportRow } from '../domain/report-query.js';

/** Whose figures may be seen. */
type Readable = Pick<ReportQuery<string>, 'senders'>;

const READ_LIMITS: Statement = {
  name: 'limit-report',
  sql: `
SELECT s.sender, s.waba, s.portfolio, l.users AS "usersLimit", l.is_known AS "isLimitKnown", l.used::float8 AS "usersIn24Hours", l.known_at AS "limitKnownAt",
  s.throughput_limit AS "throughputPerSecond", s.throughput_known_at AS "throughputKnownAt", s.holds::float8 AS holds
FROM reporting.senders s JOIN reporting.limits l ON l.portfolio = s.portfolio
WHERE $1::text[] IS NULL OR s.sender = ANY ($1)
ORDER BY s.portfolio, s.waba, s.sender`,
};

/** What Meta allows each sender and its portfolio now. `usersLimit` null: any number, or (`isLimitKnown` false) not known. */
export const readLimitFigures = (tx: Pick<Tx, 'query'>, readable: Readable): Promise<Report> =>
  read(tx, READ_LIMITS, readable, [
    ...['sender', 'waba', 'portfolio', 'usersLimit', 'isLimitKnown', 'usersIn24Hours', 'limitKnownAt'],
    ...['throughputPerSecond', 'throughputKnownAt', 'holds'],
  ]);

const READ_QUEUE: Statement = {
  name: 'queue-report',
  sql: `
SELECT sender, priority, waiting::float8 AS waiting, due::float8 AS due, oldest_due_seconds AS "oldestDueSeconds"
FROM reporting.queue
WHERE $1::text[] IS NULL OR sender = ANY ($1)
ORDER BY sender, array_position(ARRAY['urgent', 'standard', 'bulk'], priority)`,
};

/** What waits to be sent now, and for how long the oldest could have gone. */
export const readQueueFigures = (tx: Pick<Tx, 'query'>, readable: Readable): Promise<Report> =>
  read(tx, READ_QUEUE, readable, ['sender', 'priority', 'waiting', 'due', 'oldestDueSeconds']);

async function read(
  tx: Pick<Tx, 'query'>,
  statement: Statement,
  { senders }: Readable,
  columns: readonly string[],
): Promise<Report> {
  const rows = await tx.query<Record<string, ReportRow[string] | Date>>(statement, [
    senders === 'all' ? null : senders,
  ]);
  const plain = (value: ReportRow[string] | Date) => (value instanceof Date ? value.toISOString() : value);
  return {
    columns,
    rows: rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]))),
  };
}
