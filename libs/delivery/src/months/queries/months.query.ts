import type { Statement, Tx } from '#persistence';
import type { Month } from '../domain/months.js';

const firstDay = (month: Month) => `${month}-01`;

const ENSURE: Statement = { name: 'ensure-partitions', sql: 'SELECT ensure_partitions($1) AS made' };

/**
 * Makes the partitions of the month of `now` and the three after it; rows of default partitions move into their months.
 * Tables are locked for a moment, or not at all (55P03).
 * @returns how many were made
 */
export async function ensurePartitions(tx: Tx, now: Date): Promise<number> {
  const [row] = await tx.query<{ made: number }>(ENSURE, [now]);
  return row?.made ?? 0;
}

const HAS_STRAYS: Statement = {
  name: 'has-strays',
  sql: `
SELECT EXISTS (SELECT FROM message_default) OR EXISTS (SELECT FROM message_content_default) OR EXISTS (SELECT FROM attempt_default)
  OR EXISTS (SELECT FROM status_event_default) OR EXISTS (SELECT FROM event_default) OR EXISTS (SELECT FROM inbox_default) AS "hasStrays"`,
};

/** Whether rows have ids of no month: no UUIDv7, or one of a time that is far ahead. */
export async function hasStrays(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ hasStrays: boolean }>(HAS_STRAYS, []);
  return row?.hasStrays ?? false;
}

/** The partitions of one month, added up. */
export interface KeptMonth {
  month: Month;
  /** With indexes. */
  bytes: number;
  /** About, as of the last ANALYZE; null before the first. */
  messages: number | null;
}

const LIST_MONTHS: Statement = {
  name: 'list-months',
  sql: `
SELECT to_char(p.month, 'YYYY-MM') AS month, sum(pg_total_relation_size(p.id))::float8 AS bytes,
  max(NULLIF(c.reltuples, -1)) FILTER (WHERE p.parent = 'message')::float8 AS messages
FROM month_partition p JOIN pg_class c ON c.oid = p.id WHERE p.month IS NOT NULL GROUP BY p.month ORDER BY p.month`,
};

/** Oldest first. */
export function listMonths(tx: Tx): Promise<KeptMonth[]> {
  return tx.query<KeptMonth>(LIST_MONTHS, []);
}

const OPEN_OF_MONTH: Statement = { name: 'open-of-month', sql: 'SELECT open_of_month($1::date) AS open' };

/** What of a month is not over, in words; empty: it may be dropped. Indexes: message_due or the primary key, one_open_attempt. */
export async function openOfMonth(tx: Tx, month: Month): Promise<string[]> {
  const [row] = await tx.query<{ open: string[] }>(OPEN_OF_MONTH, [firstDay(month)]);
  return row?.open ?? [];
}

const LEAVE_MONTH: Statement = { name: 'leave-month', sql: 'SELECT leave_month($1::date)' };

/** Deletes what hangs on a month's rows outside of its partitions, and keeps what reports need of it. May take minutes. */
export async function leaveMonth(tx: Tx, month: Month): Promise<void> {
  await tx.query(LEAVE_MONTH, [firstDay(month)]);
}

const DROP_MONTH: Statement = { name: 'drop-month', sql: 'SELECT drop_month($1::date) AS open' };

/**
 * Detaches and drops the partitions of a month, unless something of it is not over. Locks all of the tables for a moment, or
 * not at all (55P03).
 * @returns what is not over; empty: it is gone
 */
export async function dropMonth(tx: Tx, month: Month): Promise<string[]> {
  const [row] = await tx.query<{ open: string[] }>(DROP_MONTH, [firstDay(month)]);
  return row?.open ?? [];
}
