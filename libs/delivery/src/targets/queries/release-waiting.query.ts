import type { Statement, Tx } from '#persistence';

/** Index: message_awaits, which holds only those that wait, and is read because it has their order. Waits for no lock. $1 = the most rows. */
const RELEASE_WAITING: Statement = {
  name: 'release-waiting',
  plan: 'generic',
  sql: `
WITH l AS MATERIALIZED (
  SELECT m.id FROM message m
  WHERE m.awaits_target IS NOT NULL
    AND (m.state <> 'queued' OR NOT EXISTS (SELECT 1 FROM message t WHERE t.id = m.awaits_target AND t.state IN ('queued', 'sending', 'uncertain')))
  ORDER BY m.awaits_target LIMIT $1 FOR UPDATE OF m SKIP LOCKED
), u AS (
  UPDATE message m SET awaits_target = NULL, fed_at = NULL, updated_at = now(),
    next_attempt_at = CASE WHEN m.state = 'queued' THEN LEAST(m.next_attempt_at, now()) END
  FROM l WHERE m.id = l.id AND m.id = ANY(ARRAY(SELECT id FROM l)) RETURNING m.id
)
SELECT id AS "messageId" FROM u`,
};

/** Lets go what waits for a message whose dispatch has ended; what was ended itself meanwhile waits for nothing. @returns how many */
export const releaseWaiting = async (tx: Tx, limit: number): Promise<number> =>
  (await tx.query(RELEASE_WAITING, [limit])).length;
