import { MESSAGE_TYPES } from '#graph-api';
import { dropPrototypes, findJsonFlaw } from '../http/json-flaw.js';
import { refuseFlaw, RequestRefusedError } from '../http/request.errors.js';
import { natureOf } from '../http/value-nature.js';
import { isWamid, WAMID_RULE } from '../inbound/wamid.js';

type Json = Record<string, unknown>;

/** What a body of the messages endpoint asks for. */
export type CloudRequest =
  { kind: 'message'; to: unknown; message: Json } | { kind: 'read_receipt'; wamid: string; typing: boolean };

/** Members that are objects in Meta's shape. `contacts` may stay a text: Meta takes it so. */
const OBJECTS: readonly string[] = [
  ...MESSAGE_TYPES.filter((type) => type !== 'contacts'),
  'context',
  'typing_indicator',
];

/**
 * Reads a body in the shape of Meta's messages endpoint. Members that came as JSON texts, as forms send them, are parsed; nothing else
 * changes. @throws RequestRefusedError for an envelope that Meta does not know
 */
export function readCloudRequest(body: unknown): CloudRequest {
  const { messaging_product: product, ...rest } = parseTexts((body ?? {}) as Json);
  if (Object.hasOwn(rest, 'access_token'))
    throw new RequestRefusedError('key_in_query', 'Keys travel in the Authorization header only');
  if (product !== 'whatsapp') throw refuse('messaging_product', 'must be whatsapp', product);
  return isGiven(rest.status) ? readReceipt(rest) : readMessage(rest);
}

function readReceipt({ status, message_id: wamid, typing_indicator: typing }: Json): CloudRequest {
  if (status !== 'read') throw refuse('status', 'must be read', status);
  if (!isWamid(wamid)) throw refuse('message_id', WAMID_RULE, wamid);
  if (isGiven(typing) && !(isObject(typing) && typing.type === 'text'))
    throw refuse('typing_indicator.type', 'must be text', isObject(typing) ? typing.type : typing);
  return { kind: 'read_receipt', wamid, typing: isGiven(typing) };
}

function readMessage({ recipient_type, to, recipient, ...message }: Json): CloudRequest {
  const recipientType = recipient_type ?? 'individual';
  if (recipientType !== 'individual' && recipientType !== 'group')
    throw refuse('recipient_type', 'must be individual or group', recipientType);
  return {
    kind: 'message',
    to: recipientOf(recipientType, to, recipient),
    // Meta takes a text that says no type.
    message: !isGiven(message.type) && isGiven(message.text) ? { ...message, type: 'text' } : message,
  };
}

/** A phone number wins over a user id. */
function recipientOf(recipientType: 'individual' | 'group', to: unknown, recipient: unknown): unknown {
  if (recipientType === 'group') return typeof to === 'string' ? { groupId: to } : to;
  if (typeof to === 'number') return String(to);
  return !isGiven(to) && isGiven(recipient) ? { userId: recipient } : to;
}

function parseTexts(body: Json): Json {
  const parsed = Object.entries(body).map(([name, value]): [string, unknown] => [
    name,
    OBJECTS.includes(name) && typeof value === 'string' ? parse(name, value) : value,
  ]);
  const { message_activity_sharing: sharing, ...rest }: Json = Object.fromEntries(parsed);
  if (sharing === undefined) return rest;
  return { ...rest, message_activity_sharing: sharing === 'true' || (sharing === 'false' ? false : sharing) };
}

/** A text that is no JSON stays what it is: what it should have been is said where its content is checked. */
function parse(name: string, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const flaw = findJsonFlaw({ [name]: value });
  if (flaw !== null) throw refuseFlaw(flaw);
  dropPrototypes(value);
  return value;
}

/** Clients that write out members without a value mean none. */
const isGiven = (value: unknown) => value !== undefined && value !== null;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function refuse(field: string, rule: string, value: unknown): RequestRefusedError {
  const message = `${field} ${rule}; it is ${natureOf(value)}`;
  return new RequestRefusedError('validation_failed', message, [{ field, code: 'validation_failed', message }]);
}
