import type { Statement, Tx } from '#persistence';

/** Takes WABAs whose templates were not read for $1 ms; one worker gets each. A try counts: what failed waits as long. */
const TAKE_DUE: Statement = {
  name: 'take-due-template-syncs',
  sql: `
INSERT INTO template_sync AS y (waba_id, tried_at)
SELECT w.id, now() FROM waba w
WHERE EXISTS (SELECT 1 FROM sender s WHERE s.waba_id = w.id)
  AND NOT EXISTS (SELECT 1 FROM template_sync d WHERE d.waba_id = w.id AND d.tried_at > now() - $1::bigint * interval '1 ms')
ORDER BY w.id LIMIT $2
ON CONFLICT (waba_id) DO UPDATE SET tried_at = now() WHERE y.tried_at <= now() - $1::bigint * interval '1 ms'
RETURNING waba_id AS "wabaId"`,
};

/** @returns WABAs that are the caller's to read now */
export async function takeDueSyncs(tx: Tx, olderThanMs: number, limit: number): Promise<string[]> {
  return (await tx.query<{ wabaId: string }>(TAKE_DUE, [olderThanMs, limit])).map(({ wabaId }) => wabaId);
}

const NOTE_SYNC: Statement = {
  name: 'note-template-sync',
  sql: `
INSERT INTO template_sync (waba_id, tried_at, synced_at, failure) VALUES ($1, now(), CASE WHEN $2::text IS NULL THEN now() END, $2)
ON CONFLICT (waba_id) DO UPDATE SET tried_at = now(), failure = excluded.failure, synced_at = coalesce(excluded.synced_at, template_sync.synced_at)`,
};

/** Notes that a WABA was read whole, or why not. */
export async function noteSync(tx: Tx, wabaId: string, failure: string | null): Promise<void> {
  await tx.query(NOTE_SYNC, [wabaId, failure]);
}

/** Index: template_unread. */
const UNREAD_NAMES: Statement = {
  name: 'unread-template-names',
  sql: `SELECT DISTINCT waba_id AS "wabaId", name FROM template WHERE components IS NULL AND status <> 'DELETED' ORDER BY 1, 2 LIMIT $1`,
};

/** Templates of which a webhook told and whose definition is still to be read. */
export const unreadNames = (tx: Tx, limit: number): Promise<{ wabaId: string; name: string }[]> =>
  tx.query(UNREAD_NAMES, [limit]);
