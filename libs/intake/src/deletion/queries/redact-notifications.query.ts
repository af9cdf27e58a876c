import type { Statement, Tx } from '#persistence';

/** A stored notification. */
export interface RawNotification {
  inboxId: string;
  raw: Buffer;
}

const READ_NOTIFICATIONS: Statement = {
  name: 'read-notifications',
  sql: `SELECT id AS "inboxId", raw FROM inbox WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
};

/** Notifications as they are stored, locked: of two redactions the second begins with what the first left. */
export function readNotifications(tx: Tx, inboxIds: readonly string[]): Promise<RawNotification[]> {
  return tx.query<RawNotification>(READ_NOTIFICATIONS, [inboxIds]);
}

const REDACT_NOTIFICATIONS: Statement = {
  name: 'redact-notifications',
  sql: `
UPDATE inbox i SET raw = v.raw, redacted_at = now() FROM unnest($1::uuid[], $2::bytea[]) v(id, raw) WHERE i.id = v.id AND i.id = ANY($1::uuid[])`,
};

/** Stores notifications without what was deleted. Their hashes stay: the same bytes coming again are still known. */
export async function redactNotifications(tx: Tx, notifications: readonly RawNotification[]): Promise<void> {
  await tx.query(REDACT_NOTIFICATIONS, [
    notifications.map(({ inboxId }) => inboxId),
    notifications.map(({ raw }) => raw),
  ]);
}
