import type { Statement, Tx } from '#persistence';
import type { ArrivedMessage } from '../../domain/arrived-message.js';
import type { Deletion } from '../deletions.js';

const LOCK_ARRIVALS: Statement = {
  name: 'lock-inbound-arrivals',
  sql: 'LOCK TABLE inbound_message, app_message IN SHARE ROW EXCLUSIVE MODE',
};

/**
 * Waits for every transaction that has stored messages of contacts, and keeps others from doing so until the caller's is over:
 * either it sees the message here, or its own transaction sees the deletion. Storing takes no lock of its own for that. To be
 * called after statuses, whose rows others lock first, and before the caller stores messages itself: two that had stored some
 * would wait for each other.
 */
export async function lockArrivals(tx: Tx): Promise<void> {
  await tx.query(LOCK_ARRIVALS, []);
}

const KEEP_DELETIONS: Statement = {
  name: 'keep-inbound-deletions',
  sql: `
INSERT INTO inbound_deletion (wamid, phone_number_id, deleted_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[]) ORDER BY 1, 2
ON CONFLICT (wamid, phone_number_id) DO UPDATE SET deleted_at = LEAST(inbound_deletion.deleted_at, excluded.deleted_at)`,
};

/** Keeps deletions, each once, with the earliest time. To be called under `lockArrivals`, before messages are looked for. */
export async function keepDeletions(tx: Tx, deletions: readonly Deletion[]): Promise<void> {
  await tx.query(KEEP_DELETIONS, [
    deletions.map(({ wamid }) => wamid),
    deletions.map(({ phoneNumberId }) => phoneNumberId),
    deletions.map(({ deletedAt }) => deletedAt),
  ]);
}

const NOTE_ARRIVALS: Statement = {
  name: 'note-inbound-arrivals',
  sql: `
WITH c AS (
  INSERT INTO inbound_copy (wamid, inbox_id)
  SELECT DISTINCT v.wamid, v.inbox_id FROM unnest($1::text[], $2::uuid[]) v(wamid, inbox_id)
  WHERE EXISTS (SELECT FROM inbound_message i WHERE i.wamid = v.wamid AND i.inbox_id <> v.inbox_id)
    OR EXISTS (SELECT FROM app_message a WHERE a.wamid = v.wamid AND a.inbox_id <> v.inbox_id)
  ORDER BY 1, 2
  ON CONFLICT DO NOTHING
)
SELECT wamid FROM inbound_deletion WHERE wamid = ANY($3::text[])`,
};

/** Notes which notifications brought messages that others had brought. @returns which messages, or originals of edits, were deleted */
export async function noteArrivals(tx: Tx, arrived: readonly ArrivedMessage[]): Promise<string[]> {
  const rows = await tx.query<{ wamid: string }>(NOTE_ARRIVALS, [
    arrived.map(({ wamid }) => wamid),
    arrived.map(({ inboxId }) => inboxId),
    arrived.flatMap(({ wamid, type, targetWamid }) => [wamid, ...(type === 'edit' ? [targetWamid] : [])]),
  ]);
  return rows.map(({ wamid }) => wamid);
}

const LOCK_BURIAL: Statement = {
  name: 'lock-burial',
  sql: 'LOCK TABLE inbound_message IN ROW EXCLUSIVE MODE',
};

/** As storing a message does: waits for whoever is in `lockArrivals`, and is waited for. To be called before the caller locks any row. */
export async function lockBurial(tx: Tx): Promise<void> {
  await tx.query(LOCK_BURIAL, []);
}

const NOTE_UNAPPLIED: Statement = {
  name: 'note-unapplied-messages',
  sql: `
INSERT INTO inbound_copy (wamid, inbox_id) SELECT DISTINCT v.wamid, v.inbox_id FROM unnest($1::text[], $2::uuid[]) v(wamid, inbox_id) ORDER BY 1, 2
ON CONFLICT DO NOTHING`,
};

/** Notes which notifications bring messages that are not stored; of an edit also that of which it is one. */
export async function noteUnapplied(tx: Tx, messages: readonly ArrivedMessage[]): Promise<void> {
  const named = messages.flatMap(({ wamid, type, targetWamid, inboxId }) =>
    [wamid, type === 'edit' ? targetWamid : null].flatMap((name) => (name === null ? [] : [{ name, inboxId }])),
  );
  await tx.query(NOTE_UNAPPLIED, [named.map(({ name }) => name), named.map(({ inboxId }) => inboxId)]);
}

const FIND_UNAPPLIED: Statement = {
  name: 'find-unapplied-deleted',
  sql: `
SELECT DISTINCT d.wamid, d.phone_number_id AS "phoneNumberId", c.inbox_id AS "inboxId"
FROM inbound_deletion d JOIN inbound_copy c ON c.wamid = d.wamid JOIN inbox_work w ON w.inbox_id = c.inbox_id
WHERE d.wamid = ANY($1::text[])`,
};

/** A deleted message in a notification that was not applied as a whole. */
export type UnappliedDeletion = Pick<Deletion, 'wamid' | 'phoneNumberId'> & { inboxId: string };

/** Which of these messages were deleted and stand in notifications that wait, or are dead. Indexes: the primary keys. */
export function findUnapplied(tx: Tx, wamids: readonly string[]): Promise<UnappliedDeletion[]> {
  return tx.query<UnappliedDeletion>(FIND_UNAPPLIED, [wamids]);
}
