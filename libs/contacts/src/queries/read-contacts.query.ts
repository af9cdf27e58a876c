import type { Statement, Tx } from '#persistence';
import type { ChoiceReason } from '../domain/marketing-choice.js';
import type { StoredIdentifier } from '../domain/plan-contacts.js';
import { ALIAS_COLUMNS } from './contacts.query.js';

/**
 * Senders that had to do with a contact `c` while an identifier was its own: it wrote or called, or was written to. Keys of the three tables: sender,
 * contact, time (of message: message_recipient).
 */
const SENDERS_OF = (senders: string) => `
  SELECT s.phone_number_id, s.waba_id FROM waba w JOIN sender s ON s.waba_id = w.id
  WHERE w.portfolio_id = c.portfolio_id AND (${senders}::text[] IS NULL OR s.phone_number_id = ANY (${senders}))
    AND EXISTS (
      SELECT FROM contact_alias a WHERE a.contact_id = c.id AND a.kind <> 'username' AND (
        EXISTS (SELECT FROM inbound_message i WHERE i.phone_number_id = s.phone_number_id AND i.contact = a.value
          AND i.ts >= a.held_from AND (a.held_until IS NULL OR i.ts < a.held_until))
        OR EXISTS (SELECT FROM inbound_call k WHERE k.phone_number_id = s.phone_number_id AND k.contact = a.value
          AND k.started_at >= a.held_from AND (a.held_until IS NULL OR k.started_at < a.held_until))
        OR EXISTS (SELECT FROM message m WHERE m.phone_number_id = s.phone_number_id AND m.recipient = a.value
          AND m.created_at >= a.held_from AND (a.held_until IS NULL OR m.created_at < a.held_until))))`;

/** Which contacts to list; what is null does not narrow. */
export interface ContactSelection {
  /** Phone number ids that the caller may see; null for all. */
  senders: readonly string[] | null;
  /** One of them that the contact has to do with. */
  sender: string | null;
  /** Each of these is, or was, the contact's: of a number any of its forms. */
  phones: readonly string[] | null;
  userId: string | null;
  username: string | null;
  /** Older than the contact of this id. */
  before: string | null;
  limit: number;
}

const hasAlias = (condition: string) => `
    SELECT a.contact_id FROM (SELECT DISTINCT portfolio_id FROM waba) w JOIN contact_alias a ON a.portfolio_id = w.portfolio_id AND ${condition}`;

/** Index: contact_pkey backwards; contact_alias_value where an identifier narrows it. */
const LIST_CONTACTS: Statement = {
  name: 'list-contacts',
  sql: `
SELECT c.id FROM contact c
WHERE c.merged_into IS NULL
  AND ($3::text[] IS NULL OR c.id IN (${hasAlias("a.value = ANY ($3) AND a.kind IN ('wa_id', 'phone')")}))
  AND ($4::text IS NULL OR c.id IN (${hasAlias("a.value = $4 AND a.kind IN ('user_id', 'parent_user_id')")}))
  AND ($5::text IS NULL OR c.id IN (${hasAlias("a.value = $5 AND a.kind = 'username'")}))
  AND (($1::text[] IS NULL AND $2::text IS NULL) OR EXISTS (
    SELECT FROM (${SENDERS_OF('$1')}) v WHERE $2::text IS NULL OR v.phone_number_id = $2))
  AND ($6::uuid IS NULL OR c.id < $6)
ORDER BY c.id DESC LIMIT $7`,
};

/** Ids of contacts, those that became known last first. */
export async function listContactIds(tx: Tx, selection: ContactSelection): Promise<string[]> {
  const { senders, sender, phones, userId, username, before, limit } = selection;
  const values = [senders, sender, phones, userId, username, before, limit];
  const rows = await tx.query<{ id: string }>(LIST_CONTACTS, values);
  return rows.map(({ id }) => id);
}

/** Primary key; of one that was absorbed the contact that it turned out to be. */
const FIND_CONTACT: Statement = {
  name: 'find-contact',
  sql: `
SELECT c.id, array(SELECT v.phone_number_id FROM (${SENDERS_OF('$2')}) v ORDER BY 1) AS senders
FROM contact o JOIN contact c ON c.id = coalesce(o.merged_into, o.id) WHERE o.id = $1`,
};

/** The contact of an id, and the senders among those that the caller may see that had to do with it; null when there is none. */
export async function findContact(
  tx: Tx,
  id: string,
  senders: readonly string[] | null,
): Promise<{ id: string; senders: string[] } | null> {
  const [row] = await tx.query<{ id: string; senders: string[] }>(FIND_CONTACT, [id, senders]);
  return row ?? null;
}

const READ_IDENTIFIERS: Statement = {
  name: 'read-contact-identifiers',
  sql: `
SELECT ${ALIAS_COLUMNS} FROM contact_alias a WHERE a.contact_id = ANY ($1::uuid[]) AND a.first_seen_at IS NOT NULL
ORDER BY a.contact_id, a.ended_at IS NOT NULL, a.first_seen_at, a.kind, a.value`,
};

/** What was seen of these contacts, what they have now first. */
export function readIdentifiers(tx: Tx, ids: readonly string[]): Promise<Omit<StoredIdentifier, 'contactKey'>[]> {
  return tx.query(READ_IDENTIFIERS, [ids]);
}

/** What a contact chose of marketing from an account. */
export interface ChosenMarketing {
  wabaId: string;
  wantsMarketing: boolean;
  reason: ChoiceReason;
  chosenAt: Date;
}

/** By any identifier that the contact has now; the function marketing_choice looks at all of them. */
const READ_CHOSEN: Statement = {
  name: 'read-chosen-marketing',
  sql: `
SELECT DISTINCT ON (c.waba_id) c.waba_id AS "wabaId", c.wants AS "wantsMarketing", c.reason, c.chosen_at AS "chosenAt"
FROM (SELECT value FROM contact_alias WHERE contact_id = $1 AND kind <> 'username' AND held_until IS NULL ORDER BY value LIMIT 1) a
CROSS JOIN unnest($2::text[]) s(phone_number_id)
CROSS JOIN LATERAL marketing_choice(s.phone_number_id, a.value) c
ORDER BY c.waba_id`,
};

/** What a contact chose, one row an account of these senders; none where it never chose. */
export function readChosen(tx: Tx, id: string, senders: readonly string[]): Promise<ChosenMarketing[]> {
  return tx.query(READ_CHOSEN, [id, senders]);
}
