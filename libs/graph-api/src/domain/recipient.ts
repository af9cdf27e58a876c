import { phoneCountry } from './phone-country.js';

/** What a recipient is named by: a phone number, a business-scoped user id, or a group id. */
export const RECIPIENT_KINDS = ['phone', 'user', 'group'] as const;
export type RecipientKind = (typeof RECIPIENT_KINDS)[number];

/** Somebody to send to. `id` is the key of the contact: digits without `+`, the user id, or the group id. */
export interface Recipient {
  kind: RecipientKind;
  id: string;
}

/** A recipient as Herald's callers write it: a phone number as text, a user id, or a group id. */
export type RecipientName = string | { userId: string } | { groupId: string };

/** The members of a send body that say who it goes to (sending.md §1.1). A number always has its `+`. */
export function recipientMembers({ kind, id }: Recipient): Record<string, string> {
  switch (kind) {
    case 'phone':
      return { recipient_type: 'individual', to: `+${id}` };
    case 'user':
      return { recipient_type: 'individual', recipient: id };
    case 'group':
      return { recipient_type: 'group', to: id };
  }
}

/** A recipient in the words of Herald's API. */
export function recipientName({ kind, id }: Recipient): RecipientName {
  switch (kind) {
    case 'phone':
      return `+${id}`;
    case 'user':
      return { userId: id };
    case 'group':
      return { groupId: id };
  }
}

/** The country of a recipient: of a number by its digits, of a user id by its first two letters; null for groups. */
export function recipientCountry({ kind, id }: Recipient): string | null {
  switch (kind) {
    case 'phone':
      return phoneCountry(id);
    case 'user':
      return id.slice(0, 2);
    case 'group':
      return null;
  }
}
