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

/** Due messages of one priority are counted up to so many. */
const MOST_DUE = 100_000;

/**
 * Indexes: message_due, one_open_attempt, inbox_work's. The oldest due message is looked for from client to client, so that no backlog
 * hides it. $1 = the most due messages to count of each priority.
 */
const READ_GAUGES: Statement = {
  name: 'read-delivery-gauges',
  sql: `
WITH RECURSIVE lane AS MATERIALIZED (
  SELECT s.phone_number_id, p.priority FROM sender s CROSS JOIN unnest(ARRAY[0, 1, 2]::smallint[]) p(priority)
), oldest AS (
  SELECT l.*, c.client_id, c.next_attempt_at FROM lane l CROSS JOIN LATERAL (
    SELECT m.client_id, m.next_attempt_at FROM message m
    WHERE m.phone_number_id = l.phone_number_id AND m.priority = l.priority AND m.next_attempt_at IS NOT NULL
    ORDER BY m.client_id, m.next_attempt_at LIMIT 1
  ) c
  UNION ALL
  SELECT t.phone_number_id, t.priority, c.client_id, c.next_attempt_at FROM oldest t CROSS JOIN LATERAL (
    SELECT m.client_id, m.next_attempt_at FROM message m
    WHERE m.phone_number_id = t.phone_number_id AND m.priority = t.priority AND m.client_id > t.client_id AND m.next_attempt_at IS NOT NULL
    ORDER BY m.client_id, m.next_attempt_at LIMIT 1
  ) c
)
SELECT
  (SELECT coalesce(json_agg(json_build_object('priority', o.priority, 'count', d.count, 'oldestSeconds', o.seconds)), '[]') FROM (
    SELECT priority, extract(epoch FROM now() - min(next_attempt_at)) AS seconds FROM oldest WHERE next_attempt_at <= now() GROUP BY priority
  ) o CROSS JOIN LATERAL (
    SELECT count(*) AS count FROM (
      SELECT FROM lane l CROSS JOIN LATERAL (
        SELECT FROM message m
        WHERE m.phone_number_id = l.phone_number_id AND m.priority = l.priority AND m.next_attempt_at IS NOT NULL AND m.next_attempt_at <= now() LIMIT $1
      ) m WHERE l.priority = o.priority LIMIT $1
    ) n
  ) d) AS due,
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

export async function readGauges(tx: Tx, mostDue = MOST_DUE): Promise<DeliveryGauges> {
  const [row] = await tx.query<DeliveryGauges>(READ_GAUGES, [mostDue]);
  if (row === undefined) throw new Error('no gauges');
  return row;
}
