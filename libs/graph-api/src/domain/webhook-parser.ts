import { targetOf } from './app-message.js';
import { identityOfMessage, identityOfStatus } from './identity.js';
import { asArray, asObject, type JsonObject, parseJson } from './json.js';
import type { AccountErrorItem, InboundMessageItem, NotificationItem, StatusItem } from './notification-item.js';
import { sanitizeJson } from './sanitize.js';
import { statusRank } from './status-rank.js';
import {
  errorCodeOf,
  errorDetailsOf,
  idText,
  plainText,
  readConversation,
  readPricing,
  unixSeconds,
} from './webhook-fields.js';

/** Distributes over the union, so that each kind keeps its own members. */
type Unnumbered<T> = T extends unknown ? Omit<T, 'idx'> : never;
type NewItem = Unnumbered<NotificationItem>;

/** Where a fact was found: the account, and the number if the envelope names one. */
interface Origin {
  wabaId: string | null;
  phoneNumberId: string | null;
}

const NOWHERE: Origin = { wabaId: null, phoneNumberId: null };

/**
 * Every fact in a webhook delivery, in a fixed order, each with its ordinal. Takes the raw JSON text (ids sent as numbers
 * beyond 2^53 keep their digits) or a parsed value. Never throws: what it cannot read comes out as `unknown` or
 * `unparsable`. All texts can be stored in Postgres.
 */
export function splitNotification(notification: unknown): NotificationItem[] {
  const parsed = typeof notification === 'string' ? parseJson(notification) : notification;
  const items: NewItem[] =
    parsed === undefined ? [{ kind: 'unparsable', wabaId: null }] : splitEnvelope(sanitizeJson(parsed));
  return items.map((item, idx) => ({ ...item, idx }));
}

function splitEnvelope(envelope: unknown): NewItem[] {
  const { object, entry } = asObject(envelope) ?? {};
  const isForeign = object !== undefined && object !== 'whatsapp_business_account';
  if (isForeign || !Array.isArray(entry) || entry.length === 0) return [unknown(NOWHERE, envelope)];
  return entry.flatMap(splitEntry);
}

function splitEntry(entry: unknown): NewItem[] {
  const { id, time, changes } = asObject(entry) ?? {};
  const wabaId = idText(id);
  if (!Array.isArray(changes) || changes.length === 0) return [unknown({ ...NOWHERE, wabaId }, entry)];
  return changes.flatMap((change) => splitChange(change, wabaId, unixSeconds(time)));
}

function splitChange(change: unknown, wabaId: string | null, time: number | null): NewItem[] {
  const { field, value } = asObject(change) ?? {};
  const content = asObject(value);
  const origin = { wabaId, phoneNumberId: idText(asObject(content?.metadata)?.phone_number_id) };
  const name = idText(field);
  if (name === null) return [unknown(origin, change)];
  if (name !== 'messages') return [{ kind: 'other', ...origin, field: name, time, raw: value ?? null }];

  const contacts = asArray(content?.contacts);
  const items = [
    ...asArray(content?.messages).map((message, _index, all) => readMessage(message, { contacts, all }, origin)),
    ...asArray(content?.statuses).map((status, _index, all) => readStatus(status, { contacts, all }, origin)),
    ...asArray(content?.errors).map((error) => readAccountError(error, origin)),
  ];
  return items.length > 0 ? items : [unknown(origin, change)];
}

/** What stands beside an item: who is named, and all items of its kind. */
interface Beside {
  contacts: unknown[];
  all: readonly unknown[];
}

function readStatus(value: unknown, { contacts, all }: Beside, origin: Origin): NewItem {
  const raw = asObject(value);
  const wamid = idText(raw?.id);
  const status = idText(raw?.status);
  if (raw === null || wamid === null || status === null) return unknown(origin, value);
  return {
    kind: 'status',
    ...origin,
    wamid,
    status,
    rank: statusRank(status),
    timestamp: unixSeconds(raw.timestamp),
    recipient: idText(raw.recipient_id) ?? idText(raw.recipient_user_id) ?? '',
    participant: idText(raw.recipient_participant_id) ?? idText(raw.recipient_participant_user_id),
    opaque: idText(raw.biz_opaque_callback_data),
    errorCode: errorCodeOf(asArray(raw.errors)[0]),
    errors: Array.isArray(raw.errors) ? raw.errors : null,
    pricing: readPricing(raw.pricing),
    conversation: readConversation(raw.conversation),
    identity: identityOfStatus(raw, contacts, all.length === 1),
    raw,
  } satisfies Unnumbered<StatusItem>;
}

function readMessage(value: unknown, { contacts, all }: Beside, origin: Origin): NewItem {
  const raw = asObject(value);
  const wamid = idText(raw?.id);
  if (raw === null || wamid === null) return unknown(origin, value);
  const fromUserId = idText(raw.from_user_id);
  const type = idText(raw.type) ?? 'unknown';
  return {
    kind: 'inbound_message',
    ...origin,
    wamid,
    from: idText(raw.from) ?? fromUserId ?? '',
    fromUserId,
    groupId: idText(raw.group_id),
    timestamp: unixSeconds(raw.timestamp),
    type,
    contextWamid: idText(asObject(raw.context)?.id),
    targetWamid: targetOf(raw, type),
    profileName: profileNameOf(raw, contacts),
    identity: identityOfMessage(raw, contacts, all.length === 1),
    raw,
  } satisfies Unnumbered<InboundMessageItem>;
}

function readAccountError(raw: unknown, origin: Origin): NewItem {
  return {
    kind: 'account_error',
    ...origin,
    errorCode: errorCodeOf(raw),
    title: plainText(asObject(raw)?.title),
    details: errorDetailsOf(raw),
    raw,
  } satisfies Unnumbered<AccountErrorItem>;
}

/** The name beside the sender's own contact; of a lone contact also when its id is written differently. */
function profileNameOf(message: JsonObject, contacts: unknown[]): string | null {
  const known = contacts.map(asObject).filter((contact) => contact !== null);
  const own = known.find(
    ({ wa_id, user_id }) =>
      (wa_id !== undefined && wa_id === message.from) || (user_id !== undefined && user_id === message.from_user_id),
  );
  const contact = own ?? (known.length === 1 ? known[0] : undefined);
  return plainText(asObject(contact?.profile)?.name);
}

function unknown(origin: Origin, raw: unknown): NewItem {
  return { kind: 'unknown', ...origin, raw };
}
