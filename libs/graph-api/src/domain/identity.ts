import { asArray, asObject, type JsonObject } from './json.js';
import type { Identity, PersonName } from './notification-item.js';
import { idText, unixSeconds } from './webhook-fields.js';

const NOBODY: PersonName = { waId: null, userId: null, parentUserId: null, username: null };
const DIGITS = /^\d{5,20}$/;
const digits = (value: unknown): string | null => {
  const text = idText(value);
  return text !== null && DIGITS.test(text) ? text : null;
};

/**
 * Who wrote a message, by the message and the entry of `contacts` that is about the same person.
 * @param isAlone whether it is the only message beside these contacts, so that a lone entry must be its writer's
 */
export function identityOfMessage(message: JsonObject, contacts: readonly unknown[], isAlone: boolean): Identity {
  const system = message.type === 'system' ? asObject(message.system) : null;
  if (system !== null && (digits(system.wa_id) ?? idText(system.user_id)) !== null)
    return identityOfChange(message, system);
  const named = {
    ...NOBODY,
    waId: digits(message.from),
    userId: idText(message.from_user_id),
    parentUserId: idText(message.from_parent_user_id),
  };
  return { person: completed(named, contacts, isAlone), before: null };
}

/** A `system` message: `from` and the previous ids are the old names, its own object has the new ones. */
function identityOfChange(message: JsonObject, system: JsonObject): Identity {
  const from = digits(message.from);
  const to = digits(system.wa_id);
  const changesId = system.type === 'user_changed_user_id';
  const person = {
    ...NOBODY,
    waId: to ?? (changesId ? null : from),
    userId: idText(system.user_id),
    parentUserId: idText(system.parent_user_id),
  };
  const before = {
    ...NOBODY,
    waId: changesId || (to !== null && to !== from) ? from : null,
    userId: idText(system.previous_user_id),
    parentUserId: idText(system.previous_parent_user_id),
  };
  return { person, before: isSomebody(before) ? before : null };
}

/** Whom a status is about: the recipient, in a group the participant. */
export function identityOfStatus(status: JsonObject, contacts: readonly unknown[], isAlone: boolean): Identity {
  const isOfGroup = status.recipient_type === 'group' || status.recipient_participant_id !== undefined;
  const named = isOfGroup
    ? {
        ...NOBODY,
        waId: digits(status.recipient_participant_id),
        userId: idText(status.recipient_participant_user_id),
      }
    : {
        ...NOBODY,
        waId: digits(status.recipient_id),
        userId: idText(status.recipient_user_id),
        parentUserId: idText(status.recipient_parent_user_id),
      };
  return { person: completed(named, contacts, isAlone && !isOfGroup), before: null };
}

/** The name in an object with `wa_id` and `user_id`, or `from` and `from_user_id`. */
const nameOfObject = (value: JsonObject): PersonName => ({
  waId: digits(value.wa_id ?? value.from),
  userId: idText(value.user_id ?? value.from_user_id),
  parentUserId: idText(value.parent_user_id ?? value.from_parent_user_id),
  username: null,
});

/** What the entry of the same person adds. An entry that has another id in the same place is somebody else's; one number has several forms. */
function completed(named: PersonName, contacts: readonly unknown[], isAlone: boolean): PersonName {
  const entries = contacts.flatMap((contact) => nameOfContact(contact) ?? []);
  const contradicts = (entry: PersonName) =>
    differ(endOf(entry.waId), endOf(named.waId)) || differ(entry.userId, named.userId);
  const agrees = (entry: PersonName) =>
    (entry.userId !== null && entry.userId === named.userId) || (entry.waId !== null && entry.waId === named.waId);
  const own = entries.find((entry) => agrees(entry) && !contradicts(entry));
  const entry = own ?? (isAlone && entries.length === 1 ? entries.find((each) => !contradicts(each)) : undefined);
  return {
    waId: named.waId ?? entry?.waId ?? null,
    userId: named.userId ?? entry?.userId ?? null,
    parentUserId: named.parentUserId ?? entry?.parentUserId ?? null,
    username: entry?.username ?? null,
  };
}

function nameOfContact(value: unknown): PersonName | null {
  const contact = asObject(value);
  if (contact === null) return null;
  return {
    waId: digits(contact.wa_id),
    userId: idText(contact.user_id),
    parentUserId: idText(contact.parent_user_id),
    username: idText(asObject(contact.profile)?.username),
  };
}

/** Whom a choice or a call is about, and when; `timestamp` in UNIX seconds, null when missing or unreadable. */
export interface DatedIdentity extends Identity {
  timestamp: number | null;
}

/** Everybody that a change of the fields `user_preferences` or `calls` is about; calls of the business are left out. */
export function identitiesOfChange(raw: unknown): DatedIdentity[] {
  const content = asObject(raw);
  return [...asArray(content?.user_preferences), ...asArray(content?.calls).filter(isOfContact)]
    .map(asObject)
    .filter((value) => value !== null)
    .map((value) => ({
      person: completed(nameOfObject(value), asArray(content?.contacts), false),
      before: null,
      timestamp: unixSeconds(value.timestamp),
    }));
}

const isOfContact = (call: unknown) => asObject(call)?.direction === 'USER_INITIATED';
/** Forms of one number (Brazil, Mexico, Argentina) differ in what stands before these digits. */
const endOf = (waId: string | null) => waId?.slice(-7) ?? null;
const differ = (a: string | null, b: string | null) => a !== null && b !== null && a !== b;
const isSomebody = ({ waId, userId, parentUserId }: PersonName) => (waId ?? userId ?? parentUserId) !== null;
