import type { JsonObject } from './json.js';

interface Item {
  /** Ordinal within the notification, from 0; the same bytes always give the same ordinals. */
  idx: number;
  /** `entry[].id`; null where the envelope has none. */
  wabaId: string | null;
}

interface SenderItem extends Item {
  /** `metadata.phone_number_id`; null where the envelope has none. */
  phoneNumberId: string | null;
}

/** What Meta says a message was billed as: lower case, `_` for `-`. `type` is missing before 2025-07. */
export interface Pricing {
  category: string | null;
  type: string | null;
  model: string | null;
}

/** The conversation a status belongs to, where Meta still says so (webhooks to v23, free entry points). */
export interface ConversationRef {
  id: string | null;
  /** As `pricing.category`: lower case, `_` for `-`. */
  origin: string | null;
  /** UNIX seconds; only a `sent` status has it. */
  expiresAtSeconds: number | null;
}

/** The identifiers by which Meta names one person in one place; null where it does not say. */
export interface PersonName {
  /** Digits. */
  waId: string | null;
  /** Business-scoped user id. */
  userId: string | null;
  parentUserId: string | null;
  username: string | null;
}

/** Who an item is about. `before`: how the person was named until now, where the item tells of a change. */
export interface Identity {
  person: PersonName;
  before: PersonName | null;
}

/** A step of a message we (or another system on the same number) sent. */
export interface StatusItem extends SenderItem {
  kind: 'status';
  wamid: string;
  /** sent, delivered, read, played, failed; deleted and warning are old; any other word is kept as it came. */
  status: string;
  /** From `statusRank`. */
  rank: number;
  /** UNIX seconds; null when missing or unreadable. */
  timestamp: number | null;
  /** Digits, group id or user id; '' where Meta names nobody. */
  recipient: string;
  /** The group member that the status is about. */
  participant: string | null;
  /** `biz_opaque_callback_data`; ours only if `parseAttemptId` reads it. */
  opaque: string | null;
  errorCode: number | null;
  errors: unknown[] | null;
  pricing: Pricing | null;
  conversation: ConversationRef | null;
  /** Whom it is about. */
  identity: Identity;
  /** The status as it came, sanitized. */
  raw: JsonObject;
}

/** Something a person sent to one of our numbers. */
export interface InboundMessageItem extends SenderItem {
  kind: 'inbound_message';
  wamid: string;
  /** Digits, else the user id; '' for a system message that names nobody. */
  from: string;
  fromUserId: string | null;
  groupId: string | null;
  /** UNIX seconds; null when missing or unreadable. */
  timestamp: number | null;
  /** Meta's word, known to us or not; `unknown` when missing. */
  type: string;
  /** The message that this one answers. */
  contextWamid: string | null;
  /** The message that this one reacts to, edits or revokes. */
  targetWamid: string | null;
  profileName: string | null;
  /** Who wrote it, and what they were called before it. */
  identity: Identity;
  /** The message as it came, sanitized. */
  raw: JsonObject;
}

/** A problem of the number or account that no message stands for. */
export interface AccountErrorItem extends SenderItem {
  kind: 'account_error';
  errorCode: number | null;
  title: string | null;
  details: string | null;
  raw: unknown;
}

/** A change of any field but `messages`. */
export interface OtherItem extends SenderItem {
  kind: 'other';
  field: string;
  /** `entry[].time` in UNIX seconds. */
  time: number | null;
  /** The change's `value`, sanitized. */
  raw: unknown;
}

/** JSON of a shape that we do not know: kept and counted. */
export interface UnknownItem extends SenderItem {
  kind: 'unknown';
  raw: unknown;
}

/** Not JSON at all; the bytes are in the inbox. Always the only item. */
export interface UnparsableItem extends Item {
  kind: 'unparsable';
}

/** One fact out of a webhook delivery. */
export type NotificationItem =
  StatusItem | InboundMessageItem | AccountErrorItem | OtherItem | UnknownItem | UnparsableItem;
