import type { Statement, Tx } from '#persistence';

/** A contact as a sender sees it: the sender's phone number id, and the contact's digits. */
export interface ContactOfSender {
  phoneNumberId: string;
  recipient: string;
}

const SUPPRESSED_CONTACTS: Statement = {
  name: 'suppressed-contacts',
  plan: 'generic',
  sql: `
SELECT r.phone_number_id AS "phoneNumberId", r.recipient
FROM unnest($1::text[], $2::text[]) r(phone_number_id, recipient)
CROSS JOIN LATERAL marketing_choice(r.phone_number_id, r.recipient) c WHERE NOT c.wants`,
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
