import { asArray, asObject, type JsonObject } from './json.js';
import type { OtherItem } from './notification-item.js';
import { idText, unixSeconds } from './webhook-fields.js';

/** A message of a number that is also used in the WhatsApp Business app: sent from there, or of the chats that were there before. */
export interface AppMessage {
  wamid: string;
  /** The person on the other side: digits, or the user id. */
  contact: string;
  /** The business sent it. */
  isOutbound: boolean;
  /** echo: told as it was sent; history: told with the chats of before. */
  origin: 'echo' | 'history';
  /** Meta's word, `unknown` when missing; `media_placeholder` where the file of the history is still to come. */
  type: string;
  /** UNIX seconds; null when missing or unreadable. */
  timestamp: number | null;
  /** The message that it reacts to, edits or revokes. */
  targetWamid: string | null;
  /** How far it had come, as the history says: lower case. */
  status: string | null;
  /** The message as it came. */
  raw: JsonObject;
}

/**
 * The messages in a webhook of the fields `smb_message_echoes` and `history`, whose files come in `messages` of their own. One
 * without an id, or without anybody on the other side, is left out.
 */
export function readAppMessages({ raw }: Pick<OtherItem, 'raw'>): AppMessage[] {
  const value = asObject(raw);
  const business = idText(asObject(value?.metadata)?.display_phone_number);
  return [
    ...asArray(value?.message_echoes).flatMap((message) => read(message, { origin: 'echo', business, thread: null })),
    ...asArray(value?.history).flatMap((chunk) =>
      asArray(asObject(chunk)?.threads).flatMap((thread) =>
        asArray(asObject(thread)?.messages).flatMap((message) =>
          read(message, { origin: 'history', business, thread: idText(asObject(thread)?.id) }),
        ),
      ),
    ),
    ...asArray(value?.messages).flatMap((message) => read(message, { origin: 'history', business, thread: null })),
  ];
}

interface Place {
  origin: AppMessage['origin'];
  /** Digits of the business number. */
  business: string | null;
  /** The person that the chat is with. */
  thread: string | null;
}

function read(value: unknown, { origin, business, thread }: Place): AppMessage[] {
  const raw = asObject(value);
  const wamid = idText(raw?.id);
  if (raw === null || wamid === null) return [];
  const from = idText(raw.from) ?? idText(raw.from_user_id);
  const to = idText(raw.to) ?? idText(raw.to_user_id);
  const isOutbound = origin === 'echo' || to !== null || (from !== null && from === business);
  const contact = (isOutbound ? to : from) ?? thread;
  if (contact === null) return [];
  const type = idText(raw.type) ?? 'unknown';
  return [
    {
      wamid,
      contact,
      isOutbound,
      origin,
      type,
      timestamp: unixSeconds(raw.timestamp),
      targetWamid: targetOf(raw, type),
      status: idText(asObject(raw.history_context)?.status)?.toLowerCase() ?? null,
      raw,
    },
  ];
}

/** The message that a reaction, an edit or a revoke is about; null for any other. */
export function targetOf(raw: JsonObject, type: string): string | null {
  const part = asObject(raw[type]);
  if (type === 'reaction') return idText(part?.message_id);
  return type === 'edit' || type === 'revoke' ? idText(part?.original_message_id) : null;
}
