import { asArray, asObject, type JsonObject, parseJson } from './json.js';
import { sanitizeText } from './sanitize.js';

/** What tells that a message came, from whom, when and of which type. */
const ENVELOPE = ['id', 'from', 'from_user_id', 'from_parent_user_id', 'to', 'group_id', 'timestamp', 'type'];
/** Of these parts, ids of other messages and of the person, or no more than that they were there. */
const REFERENCES: Readonly<Record<string, readonly string[]>> = {
  context: ['id', 'from'],
  reaction: ['message_id'],
  edit: ['original_message_id'],
  revoke: ['original_message_id'],
  system: ['type', 'wa_id', 'user_id', 'parent_user_id', 'previous_user_id', 'previous_parent_user_id'],
  // It opened a free entry point: that stays.
  referral: [],
  history_context: ['status'],
};

/** A message of a contact without anything that the contact wrote: it reads as the same message, with no content. */
export function redactMessage(message: Readonly<JsonObject>): JsonObject {
  const references = Object.entries(REFERENCES).flatMap(([part, ids]) => {
    const value = asObject(message[part]);
    return value === null ? [] : [[part, pick(value, ids)] as const];
  });
  return { ...pick(message, ENVELOPE), ...Object.fromEntries(references) };
}

/** The JSON of a webhook delivery with these messages redacted; null when there is nothing to redact in it. */
export function redactNotification(text: string, wamids: ReadonlySet<string>): string | null {
  let isChanged = false;
  const redact = (value: unknown): unknown => {
    const message = asObject(value);
    if (message === null || !wamids.has(sanitizeText(String(message.id)))) return value;
    const redacted = redactMessage(message);
    isChanged ||= JSON.stringify(message).length > JSON.stringify(redacted).length;
    return redacted;
  };
  const envelope = parseJson(text);
  for (const entry of asArray(asObject(envelope)?.entry))
    for (const change of asArray(asObject(entry)?.changes)) {
      const value = asObject(asObject(change)?.value);
      for (const holder of holdersOf(value))
        for (const key of ['messages', 'message_echoes'])
          if (Array.isArray(holder[key])) holder[key] = (holder[key] as unknown[]).map(redact);
    }
  return isChanged ? JSON.stringify(envelope) : null;
}

/** What has messages in a delivery: the value itself, and the chats of a history. */
const holdersOf = (value: JsonObject | null): JsonObject[] =>
  value === null
    ? []
    : [value, ...asArray(value.history).flatMap((chunk) => asArray(asObject(chunk)?.threads))]
        .map(asObject)
        .filter((holder) => holder !== null);

const pick = (value: Readonly<JsonObject>, keys: readonly string[]): JsonObject =>
  Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(value, key) ? [[key, value[key]]] : [])));
