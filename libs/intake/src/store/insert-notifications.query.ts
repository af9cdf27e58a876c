import type { Statement, Tx } from '#persistence';

/** A notification to store: the bytes as they came, and their SHA-256. */
export interface NewNotification {
  id: string;
  raw: Buffer;
  sha256: Buffer;
}

/** No conflict target: `sha256` is unique within a partition, once there are some. Hashes are inserted in one order. */
const INSERT_NOTIFICATIONS: Statement = {
  name: 'insert-notifications',
  sql: `
WITH n AS (
  INSERT INTO inbox (id, raw, sha256)
  SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) v(id, raw, sha256) ORDER BY sha256
  ON CONFLICT DO NOTHING RETURNING id, received_at
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
