/**
 * Countries in which one phone has two numbers: WhatsApp may report another one than was written to (Meta adds or removes a
 * digit in Brazil and Mexico, Argentina's mobiles carry a 9). The first group is kept, the second is the digits that come and go.
 */
const TWO_FORMS = [
  { long: /^(55\d{2})9([6-9]\d{7})$/, short: /^(55\d{2})([6-9]\d{7})$/, infix: '9' },
  { long: /^(52)1(\d{10})$/, short: /^(52)(\d{10})$/, infix: '1' },
  { long: /^(54)9(\d{10})$/, short: /^(54)(\d{10})$/, infix: '9' },
];

/**
 * All digits under which one contact may be known, the given ones first. For matching only: a number is never rewritten.
 * @param contact digits, or a user id, which has no other form
 */
export function contactForms(contact: string): string[] {
  for (const { long, short, infix } of TWO_FORMS) {
    if (long.test(contact)) return [contact, contact.replace(long, '$1$2')];
    if (short.test(contact)) return [contact, contact.replace(short, `$1${infix}$2`)];
  }
  return [contact];
}

/** One key for all forms of a contact: the shortest of them. For matching only: it need not be a number that Meta knows. */
export const contactKey = (contact: string): string =>
  contactForms(contact).reduce((shortest, form) => (form.length < shortest.length ? form : shortest));
