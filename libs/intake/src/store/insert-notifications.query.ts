import type { Statement, Tx } from '#persistence';

/** A notification to store: the bytes as they came, and their SHA-256. */
export interface NewNotification {
  id: string;
  raw: Buffer;
  sha256: Buffer;
}

/**
 * Hashes come first, in one order: inbox_hash is what makes the same bytes one notification in whatever months they come, and a
 * transaction that holds one is waited for. Of equal bytes in one batch the first is stored.
 */
const INSERT_NOTIFICATIONS: Statement = {
  name: 'insert-notifications',
  plan: 'generic',
  sql: `
WITH h AS (
  INSERT INTO inbox_hash (sha256) SELECT DISTINCT sha256 FROM unnest($3::bytea[]) v(sha256) ORDER BY sha256
  ON CONFLICT DO NOTHING RETURNING sha256
), n AS (
  INSERT INTO inbox (id, raw, sha256)
  SELECT DISTINCT ON (v.sha256) v.id, v.raw, v.sha256
  FROM h JOIN unnest($1::uuid[], $2::bytea[], $3::bytea[]) v(id, raw, sha256) ON v.sha256 = h.sha256 ORDER BY v.sha256, v.id
  RETURNING id, received_at
)
INSERT INTO inbox_work (inbox_id, received_at) SELECT id, received_at FROM n RETURNING inbox_id AS id`,
};

/** @returns the ids that are new; the others were stored before. */
export async function insertNotifications(tx: Tx, notifications: readonly NewNotification[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(INSERT_NOTIFICATIONS, [
    notifications.map(({ id }) => id),
    notifications.map(({ raw }) => raw),
    notifications.map(({ sha256 }) => sha256),
  ]);
  return new Set(rows.map(({ id }) => id));
}
