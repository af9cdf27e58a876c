import type { SenderNumber } from './accepted-message.js';
import type { Contact } from './identity.js';

/** One status or inbound message on its way to the webhook. */
export interface NotificationItem {
  kind: 'status' | 'message';
  sender: SenderNumber;
  /** Goes into `contacts`; null where Meta sends none, as for `failed`. */
  contact: Contact | null;
  item: object;
}

interface Value {
  messaging_product: 'whatsapp';
  metadata: { display_phone_number: string; phone_number_id: string };
  contacts?: Contact[];
  statuses?: object[];
  messages?: object[];
}

/** The body of one webhook delivery. */
export interface Envelope {
  object: 'whatsapp_business_account';
  entry: { id: string; time?: number; changes: { value: object; field: string }[] }[];
}

/**
 * Deliveries of at most `batchSize` items each: one entry a business account, in it one change for each phone number and
 * kind of item (statuses with contacts, those without, messages). Items keep their order.
 */
export function packNotifications(items: NotificationItem[], batchSize: number): Envelope[] {
  const envelopes: Envelope[] = [];
  for (let start = 0; start < items.length; start += batchSize) {
    envelopes.push(packOne(items.slice(start, start + batchSize)));
  }
  return envelopes;
}

function packOne(items: NotificationItem[]): Envelope {
  const entries = new Map<string, Map<string, Value>>();
  for (const notification of items) {
    const { sender, kind, contact } = notification;
    const changes = getOrAdd(entries, sender.wabaId, () => new Map<string, Value>());
    const key = `${sender.phoneNumberId} ${kind} ${contact === null}`;
    const value = getOrAdd(changes, key, () => emptyValue(sender, contact !== null));
    if (contact !== null && !value.contacts?.some((known) => known.user_id === contact.user_id)) {
      value.contacts?.push(contact);
    }
    if (kind === 'status') (value.statuses ??= []).push(notification.item);
    else (value.messages ??= []).push(notification.item);
  }
  return {
    object: 'whatsapp_business_account',
    entry: [...entries].map(([id, changes]) => ({
      id,
      changes: [...changes.values()].map((value) => ({ value, field: 'messages' })),
    })),
  };
}

function emptyValue(sender: SenderNumber, hasContacts: boolean): Value {
  const metadata = { display_phone_number: sender.displayPhoneNumber, phone_number_id: sender.phoneNumberId };
  return { messaging_product: 'whatsapp', metadata, ...(hasContacts ? { contacts: [] } : {}) };
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
