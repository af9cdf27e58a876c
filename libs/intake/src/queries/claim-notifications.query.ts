import type { Statement, Tx } from '#persistence';

/** A notification that is the caller's to apply until its lease runs out. */
export interface ClaimedNotification {
  inboxId: string;
  raw: Buffer;
  receivedAt: Date;
  /** Tries that an item of it failed, and this one. A try that an outage or a kill cut short does not count. */
  tries: number;
}

/**
 * Takes the oldest notifications that wait, and those whose worker was never heard of again. Stops after $3 bytes, so that a
 * batch of 3 MB notifications stays small; the first always fits. Uses inbox_work (received_at), and the primary key of the inbox in one month for
 * each. Skips what is locked. Of a table that is empty one moment and full the next Postgres knows nothing: it is joined with nothing, so that it is never
 * read once for each row. Times are kept to the millisecond, rounded: what came just now may stand half of one ahead.
 */
const CLAIM_NOTIFICATIONS: Statement = {
  name: 'claim-notifications',
  sql: `
WITH l AS MATERIALIZED (
  SELECT inbox_id, received_at, tries FROM inbox_work
  WHERE (state = 'received' AND next_try_at <= now() + interval '1 ms') OR (state = 'processing' AND lease_until < now())
  ORDER BY received_at LIMIT $1 FOR UPDATE SKIP LOCKED
), s AS MATERIALIZED (
  SELECT l.inbox_id, l.received_at, l.tries, i.raw,
    sum(octet_length(i.raw)) OVER (ORDER BY l.received_at, l.inbox_id) - octet_length(i.raw) AS bytes_before
  FROM l CROSS JOIN LATERAL (SELECT i.raw FROM inbox i WHERE i.id = l.inbox_id LIMIT 1) i
), u AS (
  UPDATE inbox_work SET state = 'processing', lease_until = now() + $2 * interval '1 ms'
  WHERE inbox_id = ANY(ARRAY(SELECT inbox_id FROM s WHERE bytes_before < $3))
)
SELECT inbox_id AS "inboxId", raw, received_at AS "receivedAt", tries + 1 AS tries FROM s WHERE bytes_before < $3`,
};

export async function claimNotifications(
  tx: Tx,
  { limit, leaseMs, maxBytes }: { limit: number; leaseMs: number; maxBytes: number },
): Promise<ClaimedNotification[]> {
  const rows = await tx.query<ClaimedNotification>(CLAIM_NOTIFICATIONS, [limit, leaseMs, maxBytes]);
  return rows.sort((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime());
}

const FINISH: Statement = {
  name: 'finish-notifications',
  sql: `
DELETE FROM inbox_work WHERE inbox_id = ANY(ARRAY(SELECT inbox_id FROM inbox_work WHERE inbox_id = ANY($1::uuid[]) ORDER BY inbox_id FOR UPDATE))
RETURNING inbox_id AS "inboxId"`,
};

/**
 * In the transaction that applies them, and first: of two workers that hold one notification (a lease ran out) the second
 * waits here and then finds that it is done.
 * @returns those that were not done before
 */
export async function finishNotifications(tx: Tx, inboxIds: string[]): Promise<Set<string>> {
  const rows = await tx.query<{ inboxId: string }>(FINISH, [inboxIds]);
  return new Set(rows.map(({ inboxId }) => inboxId));
}

const PUT_BACK: Statement = {
  name: 'put-back-notification',
  sql: `UPDATE inbox_work SET state = 'received', lease_until = NULL, tries = tries + 1, next_try_at = now() + $2::int * interval '1 ms' WHERE inbox_id = $1 AND state = 'processing'`,
};

export async function putBackNotification(tx: Tx, inboxId: string, delayMs: number): Promise<void> {
  await tx.query(PUT_BACK, [inboxId, delayMs]);
}

const BURY: Statement = {
  name: 'bury-items',
  sql: `
WITH w AS (UPDATE inbox_work SET state = 'dead', lease_until = NULL, tries = tries + 1 WHERE inbox_id = $1)
INSERT INTO inbox_dead_item (inbox_id, idx, reason) SELECT $1, idx, reason FROM unnest($2::int[], $3::text[]) v(idx, reason) ON CONFLICT DO NOTHING`,
};

/** Gives items of a notification up for good; its other items were applied. */
export async function buryItems(tx: Tx, inboxId: string, items: { idx: number; reason: string }[]): Promise<void> {
  await tx.query(BURY, [inboxId, items.map(({ idx }) => idx), items.map(({ reason }) => reason)]);
}
