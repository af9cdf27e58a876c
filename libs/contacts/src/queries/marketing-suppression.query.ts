import type { Statement, Tx } from '#persistence';

/** A contact as a sender sees it: the sender's phone number id, and the contact's digits. */
export interface ContactOfSender {
  phoneNumberId: string;
  recipient: string;
}

/** A contact who wants no marketing from the account of a sender, and how that is known. */
export interface Consent extends ContactOfSender {
  /** `meta_131050`, … */
  reason: string;
}

/** The first reason stays. Unique key: account and contact; locks in that order. */
const SUPPRESS_MARKETING: Statement = {
  name: 'suppress-marketing',
  sql: `
INSERT INTO marketing_suppression (waba_id, recipient, reason)
SELECT DISTINCT ON (s.waba_id, r.recipient) s.waba_id, r.recipient, r.reason
FROM unnest($1::text[], $2::text[], $3::text[]) r(phone_number_id, recipient, reason)
JOIN sender s ON s.phone_number_id = r.phone_number_id
ORDER BY s.waba_id, r.recipient, r.reason
ON CONFLICT DO NOTHING`,
};

/** From now on, and for good, these contacts get no marketing from the accounts of these senders. Safe to run twice. */
export async function suppressMarketing(tx: Tx, consents: readonly Consent[]): Promise<void> {
  const column = <T>(read: (consent: Consent) => T) => consents.map(read);
  await tx.query(SUPPRESS_MARKETING, [
    column(({ phoneNumberId }) => phoneNumberId),
    column(({ recipient }) => recipient),
    column(({ reason }) => reason),
  ]);
}

const SUPPRESSED_CONTACTS: Statement = {
  name: 'suppressed-contacts',
  sql: `
SELECT r.phone_number_id AS "phoneNumberId", r.recipient
FROM unnest($1::text[], $2::text[]) r(phone_number_id, recipient)
JOIN sender s ON s.phone_number_id = r.phone_number_id
JOIN marketing_suppression x ON x.waba_id = s.waba_id AND x.recipient = r.recipient`,
};

/** @returns whether a contact of these may get no marketing; asks nothing when there are none */
export async function suppressedContacts(
  tx: Tx,
  contacts: readonly ContactOfSender[],
): Promise<(contact: ContactOfSender) => boolean> {
  if (contacts.length === 0) return () => false;
  const rows = await tx.query<ContactOfSender>(SUPPRESSED_CONTACTS, [
    contacts.map(({ phoneNumberId }) => phoneNumberId),
    contacts.map(({ recipient }) => recipient),
  ]);
  const names = new Set(rows.map(nameOf));
  return (contact) => names.has(nameOf(contact));
}

const nameOf = ({ phoneNumberId, recipient }: ContactOfSender) => `${phoneNumberId} ${recipient}`;
