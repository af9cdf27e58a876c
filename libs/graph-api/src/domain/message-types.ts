import { asObject, type JsonObject } from './json.js';

/** Every `type` that a send body may name. Each comes with a member of the same name that holds the content. */
export const MESSAGE_TYPES = [
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'contacts',
  'reaction',
  'interactive',
  'template',
  'pin',
] as const;

/** A `type` that we know how to send. */
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** A message in Meta's own shape, without `messaging_product` and `to`. */
export type MetaMessage = JsonObject;

/** Whether the value is a `type` that we know how to send. */
export function isMessageType(value: unknown): value is MessageType {
  return (MESSAGE_TYPES as readonly unknown[]).includes(value);
}

/**
 * The content of a message: the member that its `type` names, an array for `contacts` and an object for all others.
 * Null when the type is unknown, or the member is missing or of another shape. What is inside is not looked at.
 */
export function messageObject(message: MetaMessage): JsonObject | unknown[] | null {
  if (!isMessageType(message.type)) return null;
  const content = message[message.type];
  if (message.type === 'contacts') return Array.isArray(content) ? content : null;
  return asObject(content);
}
