import { asInteger, asObject, asText } from './json.js';
import type { ConversationRef, Pricing } from './notification-item.js';

/** Ids and keys are indexed; a longer one is no id of Meta's and could not be stored in an index. */
const MAX_ID_LENGTH = 512;

/** A text, '' and anything else as null. */
export const plainText = asText;

/** An id as text, also when it came as a number; null when missing, of another kind or impossibly long. */
export function idText(value: unknown): string | null {
  if (Number.isSafeInteger(value)) return String(value);
  const text = asText(value);
  return text !== null && text.length <= MAX_ID_LENGTH ? text : null;
}

/** UNIX seconds from digits or a number; null for anything else, milliseconds included. */
export function unixSeconds(value: unknown): number | null {
  const text = idText(value);
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : null;
}

/** The `code` of one error, a number or its digits; null when it can be no Graph code. */
export function errorCodeOf(error: unknown): number | null {
  const code = asObject(error)?.code;
  return asInteger(typeof code === 'string' && /^\d+$/.test(code) ? Number(code) : code);
}

/** The most telling text of one error. */
export function errorDetailsOf(error: unknown): string | null {
  const members = asObject(error);
  return asText(asObject(members?.error_data)?.details) ?? asText(members?.message);
}

/** `statuses[].pricing`; null when it is missing or says nothing we use. */
export function readPricing(value: unknown): Pricing | null {
  const members = asObject(value);
  const pricing = {
    category: keyword(members?.category),
    type: keyword(members?.type),
    model: keyword(members?.pricing_model),
  };
  return (pricing.category ?? pricing.type ?? pricing.model) ? pricing : null;
}

/** `statuses[].conversation`; null when it is missing. */
export function readConversation(value: unknown): ConversationRef | null {
  const members = asObject(value);
  return (
    members && {
      id: idText(members.id),
      origin: keyword(asObject(members.origin)?.type),
      expiresAtSeconds: unixSeconds(members.expiration_timestamp),
    }
  );
}

/** Meta writes `authentication-international` in one place and `authentication_international` in another. */
function keyword(value: unknown): string | null {
  return idText(value)?.toLowerCase().replaceAll('-', '_') ?? null;
}
