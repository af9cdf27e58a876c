import type { Statement, Tx } from '#persistence';

/** Index: attempt_wamid. */
const FIND_BY_WAMID: Statement = {
  name: 'find-by-wamid',
  sql: 'SELECT message_id AS "messageId" FROM attempt WHERE wamid = $1 LIMIT 1',
};

/** The message that Meta knows by a wamid, whosever it is. */
export async function findByWamid(tx: Tx, wamid: string): Promise<string | null> {
  const [row] = await tx.query<{ messageId: string }>(FIND_BY_WAMID, [wamid]);
  return row?.messageId ?? null;
}
