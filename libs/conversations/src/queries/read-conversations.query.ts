import type { Statement, Tx } from '#persistence';
import type { StoredConversation } from '../domain/conversation.js';

/** A contact of a sender under its key, and from when on its conversations are looked at; `n` says whose the answer is. */
export interface ContactSince {
  n: number;
  phoneNumberId: string;
  key: string;
  since: Date;
}

/** A contact under every key that conversations of it may have. */
export interface ContactKeys extends ContactSince {
  keys: readonly string[];
}

/** Index: conversation_of_contact, conversation_meta_id. */
const READ_CONVERSATIONS: Statement = {
  name: 'read-conversations-of-contacts',
  sql: `
SELECT v.n, c.id, c.contact_key AS "contactKey", c.kind, c.category, c.contact, c.opened_at AS "openedAt", c.opened_by AS "openedBy",
  c.last_heard_at AS "lastHeardAt", c.certain_until AS "certainUntil", c.extended_count AS "extendedCount", c.expires_at AS "expiresAt",
  c.meta_id AS "metaId", c.meta_expires_at AS "metaExpiresAt"
FROM unnest($1::int[], $2::text[], $3::text[], $4::timestamptz[]) v(n, phone_number_id, contact_key, since)
JOIN conversation c ON c.phone_number_id = v.phone_number_id AND c.contact_key = v.contact_key
  AND (c.expires_at > v.since OR c.meta_id = ANY($5))
ORDER BY c.opened_at, c.id`,
};

/** Conversations that end after `since`, or that Meta gave one of these ids, those that opened first first. */
export function readConversations(
  tx: Tx,
  contacts: readonly ContactKeys[],
  metaIds: readonly string[],
): Promise<(StoredConversation & { n: number })[]> {
  const rows = contacts.flatMap(({ n, phoneNumberId, keys, since }) =>
    keys.map((key) => ({ n, phoneNumberId, key, since })),
  );
  return tx.query(READ_CONVERSATIONS, [
    rows.map(({ n }) => n),
    rows.map(({ phoneNumberId }) => phoneNumberId),
    rows.map(({ key }) => key),
    rows.map(({ since }) => since),
    metaIds,
  ]);
}

/** Index: conversation_of_contact. */
const READ_ENTRY_POINTS: Statement = {
  name: 'read-entry-points-of-contacts',
  sql: `
SELECT v.n, c.id, c.opened_at AS "openedAt", c.expires_at AS "expiresAt"
FROM unnest($1::int[], $2::text[], $3::text[]) v(n, phone_number_id, contact_key)
JOIN conversation c ON c.phone_number_id = v.phone_number_id AND c.contact_key = v.contact_key
WHERE c.kind = 'free_entry_point' AND c.meta_id IS NOT NULL`,
};

/** All free entry points of contacts that Meta has named, however long ago. */
export function readEntryPoints(
  tx: Tx,
  contacts: readonly Omit<ContactKeys, 'since' | 'key'>[],
): Promise<(Pick<StoredConversation, 'id' | 'openedAt' | 'expiresAt'> & { n: number })[]> {
  const rows = contacts.flatMap(({ n, phoneNumberId, keys }) => keys.map((key) => ({ n, phoneNumberId, key })));
  return tx.query(READ_ENTRY_POINTS, [
    rows.map(({ n }) => n),
    rows.map(({ phoneNumberId }) => phoneNumberId),
    rows.map(({ key }) => key),
  ]);
}

/** Contacts that changed, each with the names under which conversations of it may be kept. */
export interface Renamed {
  n: number;
  portfolioId: string;
  key: string;
}

/** Index: conversation_of_contact. */
const READ_RENAMED: Statement = {
  name: 'read-renamed-conversations',
  sql: `
SELECT v.n, c.phone_number_id AS "phoneNumberId", min(c.opened_at) AS since
FROM unnest($1::int[], $2::text[], $3::text[]) v(n, portfolio_id, contact_key)
JOIN waba w ON w.portfolio_id = v.portfolio_id
JOIN sender s ON s.waba_id = w.id
JOIN conversation c ON c.phone_number_id = s.phone_number_id AND c.contact_key = v.contact_key
GROUP BY 1, 2`,
};

/** Where there are conversations under these names, and when the first of them opened. */
export function readRenamed(
  tx: Tx,
  renamed: readonly Renamed[],
): Promise<{ n: number; phoneNumberId: string; since: Date }[]> {
  return tx.query(READ_RENAMED, [
    renamed.map(({ n }) => n),
    renamed.map(({ portfolioId }) => portfolioId),
    renamed.map(({ key }) => key),
  ]);
}

/** How many locks all contacts share: a batch must not fill the lock table. */
const LOCKS = 256;

const bucket = `abs(hashtext(p || ' ' || c) % ${LOCKS})`;

/** Always in the same order; the stronger where contacts share a lock. */
const LOCK_ANSWERS: Statement = {
  name: 'lock-answers',
  sql: `
SELECT CASE WHEN alone THEN pg_advisory_xact_lock(hashtext('answer'), k)::text ELSE pg_advisory_xact_lock_shared(hashtext('answer'), k)::text END
FROM (SELECT ${bucket} AS k, bool_or(x) AS alone FROM unnest($1::text[], $2::text[], $3::boolean[]) v(p, c, x) GROUP BY 1 ORDER BY 1) v`,
};

/** Whose the news are, and whether a referral is among them. */
export interface AnswerLock extends Pick<ContactSince, 'phoneNumberId' | 'key'> {
  isReferral: boolean;
}

/**
 * A transaction with an answer and one with the referral that it answers take turns from here on, so that the later sees what the
 * earlier stored. Answers, which are almost all statuses, do not wait for each other. To be taken before `lockContacts`.
 */
export async function lockAnswers(tx: Tx, contacts: readonly AnswerLock[]): Promise<void> {
  if (contacts.length === 0) return;
  await tx.query(LOCK_ANSWERS, [
    contacts.map(({ phoneNumberId }) => phoneNumberId),
    contacts.map(({ key }) => key),
    contacts.map(({ isReferral }) => isReferral),
  ]);
}

/** Always in the same order. */
const LOCK_CONTACTS: Statement = {
  name: 'lock-contacts',
  sql: `
SELECT pg_advisory_xact_lock(hashtext('conversation'), k)
FROM (SELECT DISTINCT ${bucket} AS k FROM unnest($1::text[], $2::text[]) v(p, c) ORDER BY 1) v`,
};

/** Two transactions that change the conversations of one contact take turns from here on, so that the later sees what the earlier stored. */
export async function lockContacts(
  tx: Tx,
  contacts: readonly Pick<ContactSince, 'phoneNumberId' | 'key'>[],
): Promise<void> {
  await tx.query(LOCK_CONTACTS, [contacts.map(({ phoneNumberId }) => phoneNumberId), contacts.map(({ key }) => key)]);
}
