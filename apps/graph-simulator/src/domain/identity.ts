/** One person, by phone number or by user id. */
export type Customer = { kind: 'phone'; input: string; waId: string } | { kind: 'user'; input: string; userId: string };

/** Who a message goes to, as the request names them. */
export type Recipient = Customer | { kind: 'group'; input: string };

/** A WhatsApp user as the `contacts` of a webhook show them. */
export interface Contact {
  profile: { name: string };
  wa_id?: string;
  user_id: string;
}

const OWN_USER_ID = /^US\.9(\d{19})$/;

/** The business-scoped user id that the simulator gives to a phone number: `US.9` and 19 digits, the number at the end. */
export function userIdOf(waId: string): string {
  return `US.9${waId.padStart(19, '0')}`;
}

/** The phone number behind one of the simulator's own user ids, without leading zeros; null for any other id. */
export function waIdOf(userId: string): string | null {
  const digits = OWN_USER_ID.exec(userId)?.[1]?.replace(/^0+/, '');
  return digits === undefined || digits === '' ? null : digits;
}

/** One key for one customer, however they were named: pair limits, windows and scenarios go by it. */
export function contactKey(recipient: Recipient): string {
  switch (recipient.kind) {
    case 'phone':
      return recipient.waId;
    case 'user':
      return waIdOf(recipient.userId) ?? recipient.userId;
    case 'group':
      return recipient.input;
  }
}

/** The contact entry of a customer: with the phone number when the business knows one, else with the user id alone. */
export function contactOf(customer: Customer, name = 'Test Customer'): Contact {
  return customer.kind === 'phone'
    ? { profile: { name }, wa_id: customer.waId, user_id: userIdOf(customer.waId) }
    : { profile: { name }, user_id: customer.userId };
}

/** The customer with this phone number (7 to 15 digits in any spelling) or user id; null when it is neither. */
export function customerOf(input: string): Customer | null {
  const waId = input.replace(/[+\-() ]/g, '');
  if (/^\d{7,15}$/.test(waId)) return { kind: 'phone', input, waId };
  return /^[A-Z]{2}\.[A-Za-z0-9.]+$/.test(input) ? { kind: 'user', input, userId: input } : null;
}
