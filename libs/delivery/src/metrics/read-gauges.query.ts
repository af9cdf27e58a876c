import type { Statement, Tx } from '#persistence';

/** What stands in Postgres at this moment. */
export interface DeliveryGauges {
  /** By priority: messages that are due and not claimed (counted up to 100,000), and since when the oldest is. */
  due: { priority: number; count: number; oldestSeconds: number }[];
  holds: { scope: string; count: number }[];
  alerts: { kind: string; count: number }[];
  counters: { name: string; value: number }[];
  inboxWaiting: number;
  inboxOldestSeconds: number;
  uncertain: number;
}

/** Indexes: message_due, one_open_attempt, inbox_work's. The count of due messages ends at 100,001. */
const READ_GAUGES: Statement = {
  name: 'read-delivery-gauges',
  sql: `
SELECT
  (SELECT coalesce(json_agg(json_build_object('priority', priority, 'count', count, 'oldestSeconds', oldest)), '[]') FROM (
    SELECT priority, count(*) AS count, extract(epoch FROM now() - min(next_attempt_at)) AS oldest
    FROM (SELECT priority, next_attempt_at FROM message WHERE next_attempt_at IS NOT NULL AND next_attempt_at <= now() LIMIT 100001) d
    GROUP BY priority) x) AS due,
  (SELECT coalesce(json_agg(json_build_object('scope', scope, 'count', count)), '[]') FROM (
    SELECT scope, count(*) AS count FROM hold WHERE until IS NULL OR until > now() GROUP BY scope) x) AS holds,
  (SELECT coalesce(json_agg(json_build_object('kind', kind, 'count', count)), '[]') FROM (
    SELECT kind, count(*) AS count FROM alert WHERE closed_at IS NULL GROUP BY kind) x) AS alerts,
  (SELECT coalesce(json_agg(json_build_object('name', name, 'value', value)), '[]') FROM (
    SELECT name, sum(value) AS value FROM delivery_counter GROUP BY name) x) AS counters,
  (SELECT count(*)::int FROM inbox_work WHERE state <> 'dead') AS "inboxWaiting",
  (SELECT coalesce(extract(epoch FROM now() - min(received_at)), 0)::float8 FROM inbox_work WHERE state <> 'dead') AS "inboxOldestSeconds",
  (SELECT count(*)::int FROM attempt WHERE state = 'uncertain') AS uncertain`,
};

export async function readGauges(tx: Tx): Promise<DeliveryGauges> {
  const [row] = await tx.query<DeliveryGauges>(READ_GAUGES, []);
  if (row === undefined) throw new Error('no gauges');
  return row;
}
