import type { Statement, Tx } from '#persistence';
import type { StoredStatus } from '../domain/meta-conversations.js';
import type { HeardFact } from '../domain/service-conversations.js';
import { HINTS, SILENT } from './heard-types.js';

/** One identifier of a contact, and from when on its facts are read, until when it was the contact's. */
export interface FormSince {
  n: number;
  phoneNumberId: string;
  contact: string;
  since: Date;
  /** Null: it still is. */
  until: Date | null;
}

const FORMS = `unnest($1::int[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[]) v(n, phone_number_id, contact, since, until)`;
const within = (at: string) => `${at} >= v.since AND (v.until IS NULL OR ${at} < v.until)`;

/** Keys of both tables: (phone_number_id, contact, time). */
const READ_HEARD: Statement = {
  name: 'read-heard-facts',
  sql: `
SELECT v.n, i.contact, i.ts AS at, i.wamid AS id, i.type IN (${HINTS}) AS "isHint"
FROM ${FORMS}
JOIN inbound_message i ON i.phone_number_id = v.phone_number_id AND i.contact = v.contact AND ${within('i.ts')}
WHERE i.type NOT IN (${SILENT}) AND i.content ->> 'group_id' IS NULL
UNION ALL
SELECT v.n, k.contact, k.started_at, k.id, false
FROM ${FORMS}
JOIN inbound_call k ON k.phone_number_id = v.phone_number_id AND k.contact = v.contact AND ${within('k.started_at')}`,
};

/** What was heard of contacts from then on. */
export function readHeard(tx: Tx, forms: readonly FormSince[]): Promise<(HeardFact & { n: number })[]> {
  return tx.query(READ_HEARD, columns(forms));
}

/** A referred message of the contact, or a message of ours that Meta has sent to it. */
export interface EntryFact {
  n: number;
  isReferral: boolean;
  contact: string;
  at: Date;
  id: string;
}

/**
 * Answers of people who came through an ad, so few. Indexes: inbound_message_referral, message_recipient. That a status has come
 * for an attempt shows in its message, at the earliest of them.
 */
const READ_ENTRY_FACTS: Statement = {
  name: 'read-entry-facts',
  sql: `
SELECT v.n, true AS "isReferral", i.contact, i.ts AS at, i.wamid AS id
FROM ${FORMS}
JOIN inbound_message i ON i.phone_number_id = v.phone_number_id AND i.contact = v.contact AND ${within('i.ts')} AND i.has_referral
WHERE i.content ->> 'group_id' IS NULL
UNION ALL
SELECT v.n, false, m.recipient, LEAST(m.sent_at, m.delivered_at, m.read_at, m.played_at), coalesce(a.wamid, m.id::text)
FROM ${FORMS}
JOIN message m ON m.phone_number_id = v.phone_number_id AND m.recipient = v.contact
LEFT JOIN LATERAL (SELECT wamid FROM attempt WHERE message_id = m.id AND wamid IS NOT NULL ORDER BY no LIMIT 1) a ON true
WHERE ${within('LEAST(m.sent_at, m.delivered_at, m.read_at, m.played_at)')}`,
};

export function readEntryFacts(tx: Tx, forms: readonly FormSince[]): Promise<EntryFact[]> {
  return tx.query<EntryFact>(READ_ENTRY_FACTS, columns(forms));
}

/** Index: inbound_message_referral. $4: the instant of our message. */
const READ_REFERRED: Statement = {
  name: 'read-referred-contacts',
  sql: `
SELECT DISTINCT v.n FROM ${FORMS}
WHERE EXISTS (
  SELECT FROM inbound_message i
  WHERE i.phone_number_id = v.phone_number_id AND i.contact = v.contact AND i.has_referral
    AND i.ts > v.since AND (v.until IS NULL OR i.ts < v.until))`,
};

/** @returns the `n` of those that came through an ad after `since` */
export async function readReferred(tx: Tx, forms: readonly FormSince[]): Promise<number[]> {
  return (await tx.query<{ n: number }>(READ_REFERRED, columns(forms))).map(({ n }) => n);
}

/** Indexes: attempt_wamid and status_event's primary key; orphan_status' primary key. */
const READ_STATUSES: Statement = {
  name: 'read-historic-statuses',
  sql: `
SELECT v.n, v.wamid, e.recipient, e.status, e.ts::float8 AS second, e.pricing_model AS model, e.conversation
FROM unnest($1::int[], $2::text[]) v(n, wamid)
JOIN attempt a ON a.wamid = v.wamid
JOIN status_event e ON e.message_id = a.message_id AND e.attempt_no = a.no
UNION ALL
SELECT v.n, v.wamid, o.recipient, o.status, o.ts::float8, o.item -> 'pricing' ->> 'model', o.item -> 'conversation'
FROM unnest($1::int[], $2::text[]) v(n, wamid)
JOIN orphan_status o ON o.wamid = v.wamid`,
};

/** All statuses of messages, whether they are ours or another system's; `n` says whom each went to. */
export async function readStatuses(
  tx: Tx,
  messages: readonly { n: number; wamid: string }[],
): Promise<(StoredStatus & { n: number })[]> {
  if (messages.length === 0) return [];
  return tx.query(READ_STATUSES, [messages.map(({ n }) => n), messages.map(({ wamid }) => wamid)]);
}

const columns = (forms: readonly FormSince[]) => [
  forms.map(({ n }) => n),
  forms.map(({ phoneNumberId }) => phoneNumberId),
  forms.map(({ contact }) => contact),
  forms.map(({ since }) => since),
  forms.map(({ until }) => until),
];
