import { contactForms } from '../domain/contact-forms.js';
import type { Statement, Tx } from '#persistence';
import type { ChangedContact, StoredIdentifier } from '../domain/plan-contacts.js';

export const ALIAS_COLUMNS = `
  a.contact_id AS "contactId", a.kind, a.value, a.held_from AS "heldFrom", a.held_until AS "heldUntil", a.first_seen_at AS "firstSeenAt",
  a.last_seen_at AS "lastSeenAt", a.ended_at AS "endedAt", a.inbox_id AS "inboxId"`;

/** Index: contact_alias_value, then the primary key. */
const READ_STORED: Statement = {
  name: 'read-stored-identifiers',
  sql: `
SELECT a.portfolio_id AS "portfolioId", c.key AS "contactKey", ${ALIAS_COLUMNS}
FROM contact_alias a JOIN contact c ON c.id = a.contact_id
WHERE a.contact_id IN (
  SELECT o.contact_id FROM unnest($1::text[], $2::text[]) v(portfolio_id, value)
  JOIN contact_alias o ON o.portfolio_id = v.portfolio_id AND o.value = v.value AND o.kind <> 'username')`,
};

/** All identifiers of every contact that has one of these values. */
export function readStored(
  tx: Tx,
  values: readonly { portfolioId: string; value: string }[],
): Promise<(StoredIdentifier & { portfolioId: string })[]> {
  return tx.query(READ_STORED, [values.map(({ portfolioId }) => portfolioId), values.map(({ value }) => value)]);
}

/** A contact of a portfolio that is to be stored anew. */
export interface ContactToWrite extends ChangedContact {
  portfolioId: string;
}

const WRITE_CONTACTS: Statement = {
  name: 'write-contacts',
  sql: `
INSERT INTO contact AS c (id, portfolio_id, key) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]) ORDER BY 1
ON CONFLICT (id) DO UPDATE SET key = excluded.key WHERE c.key <> excluded.key`,
};

/** Those that had been absorbed before go along. Index: contact_merged_into. */
const MERGE_CONTACTS: Statement = {
  name: 'merge-contacts',
  sql: `
UPDATE contact c SET merged_into = v.into_id FROM unnest($1::uuid[], $2::uuid[]) v(id, into_id)
WHERE c.id = v.id OR c.merged_into = v.id`,
};

const DROP_ALIASES: Statement = {
  name: 'drop-contact-aliases',
  sql: 'DELETE FROM contact_alias WHERE contact_id = ANY($1::uuid[])',
};

const WRITE_ALIASES: Statement = {
  name: 'write-contact-aliases',
  sql: `
INSERT INTO contact_alias (contact_id, portfolio_id, kind, value, held_from, held_until, first_seen_at, last_seen_at, ended_at, inbox_id)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[],
  $9::timestamptz[], $10::uuid[]) ORDER BY 1, 3, 4, 5`,
};

/** Stores contacts with exactly these identifiers. The caller holds the identities of their portfolios. */
export async function writeContacts(tx: Tx, contacts: readonly ContactToWrite[]): Promise<void> {
  await tx.query(WRITE_CONTACTS, [
    contacts.map(({ contactId }) => contactId),
    contacts.map(({ portfolioId }) => portfolioId),
    contacts.map(({ key }) => key),
  ]);
  const merges = contacts.flatMap(({ contactId, absorbed }) => absorbed.map((id) => ({ id, into: contactId })));
  if (merges.length > 0) await tx.query(MERGE_CONTACTS, [merges.map(({ id }) => id), merges.map(({ into }) => into)]);
  const former = contacts.flatMap(({ contactId, isNew, absorbed }) => [...(isNew ? [] : [contactId]), ...absorbed]);
  if (former.length > 0) await tx.query(DROP_ALIASES, [former]);
  const rows = contacts.flatMap(({ contactId, portfolioId, identifiers }) =>
    identifiers.map((identifier) => ({ contactId, portfolioId, ...identifier })),
  );
  const column = <T>(read: (row: (typeof rows)[number]) => T) => rows.map(read);
  await tx.query(WRITE_ALIASES, [
    column(({ contactId }) => contactId),
    column(({ portfolioId }) => portfolioId),
    column(({ kind }) => kind),
    column(({ value }) => value),
    column(({ heldFrom }) => heldFrom),
    column(({ heldUntil }) => heldUntil),
    column(({ firstSeenAt }) => firstSeenAt),
    column(({ lastSeenAt }) => lastSeenAt),
    column(({ endedAt }) => endedAt),
    column(({ inboxId }) => inboxId),
  ]);
}

/** An identifier that a sender heard, or writes to, at an instant; `n` says whose the answer is. */
export interface NamedContact {
  n: number;
  phoneNumberId: string;
  identifier: string;
  at: Date;
}

/** One identifier of the contact that was meant. `contactId` null: nobody is known by it; the key is the identifier then. */
export interface HeldIdentifier {
  n: number;
  contactId: string | null;
  contactKey: string;
  value: string;
  heldFrom: Date;
  heldUntil: Date | null;
}

/** The function contact_identifiers, by the index contact_alias_value and the primary key. */
const IDENTIFY: Statement = {
  name: 'identify-contacts',
  sql: `
SELECT v.n, d.contact_id AS "contactId", d.contact_key AS "contactKey", d.value, d.held_from AS "heldFrom", d.held_until AS "heldUntil"
FROM unnest($1::int[], $2::text[], $3::text[], $4::timestamptz[]) v(n, phone_number_id, identifier, at)
CROSS JOIN LATERAL contact_identifiers(v.phone_number_id, v.identifier, v.at) d`,
};

/** Every identifier of the contacts that are meant, with the time in which it was theirs; where nobody is known, the one given. */
export function identifyContacts(tx: Tx, named: readonly NamedContact[]): Promise<HeldIdentifier[]> {
  return tx.query<HeldIdentifier>(IDENTIFY, [
    named.map(({ n }) => n),
    named.map(({ phoneNumberId }) => phoneNumberId),
    named.map(({ identifier }) => identifier),
    named.map(({ at }) => at),
  ]);
}

const SAME_CONTACT: Statement = {
  name: 'same-contact',
  sql: `
SELECT DISTINCT b.value FROM (SELECT DISTINCT portfolio_id FROM waba) w
JOIN contact_alias a ON a.portfolio_id = w.portfolio_id AND a.value = ANY ($1::text[]) AND a.kind <> 'username' AND a.held_until IS NULL
JOIN contact_alias b ON b.contact_id = a.contact_id AND b.kind <> 'username' AND b.held_until IS NULL ORDER BY 1`,
};

/** Every identifier of whoever has this one now, in any portfolio, and the one given, in all forms. Index: contact_alias_value. */
export async function sameContact(tx: Tx, identifier: string): Promise<string[]> {
  const rows = await tx.query<{ value: string }>(SAME_CONTACT, [contactForms(identifier)]);
  return [...new Set([identifier, ...rows.map(({ value }) => value)].flatMap(contactForms))].sort();
}
