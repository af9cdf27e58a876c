import type { Tx } from '#persistence';

/** A notification to apply once more. `deadItems`: those that could not be applied. */
export interface AppliedNotification {
  inboxId: string;
  raw: Buffer;
  receivedAt: Date;
  deadItems: number[];
}

/** The next notifications after $1, in the order in which they came; stops after $3 bytes, but the first always fits. */
export function readApplied(
  tx: Tx,
  schema: string,
  after: string,
  { limit, maxBytes }: { limit: number; maxBytes: number },
): Promise<AppliedNotification[]> {
  const sql = `
WITH p AS (
  SELECT i.id, i.raw, i.received_at, sum(octet_length(i.raw)) OVER (ORDER BY r.id) - octet_length(i.raw) AS bytes_before
  FROM (SELECT id FROM replay_inbox WHERE id > $1 ORDER BY id LIMIT $2) r JOIN ${schema}.inbox i ON i.id = r.id
)
SELECT p.id AS "inboxId", p.raw, p.received_at AS "receivedAt",
  ARRAY(SELECT d.idx FROM ${schema}.inbox_dead_item d WHERE d.inbox_id = p.id) AS "deadItems"
FROM p WHERE p.bytes_before < $3 ORDER BY p.id`;
  return tx.query<AppliedNotification>({ name: 'read-applied-notifications', sql }, [after, limit, maxBytes]);
}

/** Since when senders and accounts are ours: what came before was not theirs to apply. */
export async function readOwners(tx: Tx): Promise<{ senders: Map<string, Date>; accounts: Map<string, Date> }> {
  const read = async (sql: string) =>
    new Map((await tx.query<{ id: string; since: Date }>({ name: '', sql }, [])).map(({ id, since }) => [id, since]));
  return {
    senders: await read('SELECT phone_number_id AS id, created_at AS since FROM sender'),
    accounts: await read('SELECT id, created_at AS since FROM waba'),
  };
}
