import { customerOf } from './identity.js';
import type { Customer, Recipient } from './identity.js';

/** The body of `POST /{phone-number-id}/messages`, as far as the simulator looks into it. */
export interface SendRequest {
  type: string;
  recipient: Recipient;
  template: { name: string; language: string } | null;
  /** A voice message, the one kind that gets `played`. */
  isVoice: boolean;
  /** `biz_opaque_callback_data`, echoed in every status. */
  callbackData: string | null;
}

export type ParsedBody =
  | { kind: 'message'; request: SendRequest }
  | { kind: 'mark_read' }
  | { kind: 'invalid'; code: 100 | 131008; details: string };

const TYPES = new Set(
  'text image video audio document sticker location contacts reaction interactive template pin'.split(' '),
);
const MAX_TEXT = 4096;
const MAX_CALLBACK_DATA = 512;

type Json = Record<string, unknown>;

/** Reads a send body: a message, a read receipt, or what Meta finds wrong with it. */
export function parseSendBody(body: unknown): ParsedBody {
  if (!isObject(body)) return invalid(100, 'The request body must be a JSON object.');
  if (body.messaging_product !== 'whatsapp') return invalid(100, 'The parameter messaging_product is required.');
  if (body.status === 'read') {
    return typeof body.message_id === 'string' ? { kind: 'mark_read' } : missing('message_id');
  }
  const recipient = readRecipient(body);
  if (recipient === null) return body.to || body.recipient ? invalid(100, 'Param to is not valid.') : missing('to');
  const type = body.type ?? (body.text === undefined ? undefined : 'text');
  if (type === undefined) return missing('type');
  if (typeof type !== 'string' || !TYPES.has(type))
    return invalid(100, `Param type must be one of ${[...TYPES].join(', ')}.`);
  return readMessage(body, type, recipient);
}

function readMessage(body: Json, type: string, recipient: Recipient): ParsedBody {
  const content = body[type];
  if (typeof content !== 'object' || content === null) return missing(type);
  const text = type === 'text' ? (content as Json).body : undefined;
  if (type === 'text' && typeof text !== 'string') return missing("text['body']");
  if (typeof text === 'string' && text.length > MAX_TEXT) {
    return invalid(100, `Param text['body'] must be at most ${MAX_TEXT} characters long.`);
  }
  const template = type === 'template' ? readTemplate(content as Json) : null;
  if (type === 'template' && template === null) return missing('template name and language');
  const callbackData = body.biz_opaque_callback_data ?? null;
  if (callbackData !== null && (typeof callbackData !== 'string' || callbackData.length > MAX_CALLBACK_DATA)) {
    return invalid(100, `Param biz_opaque_callback_data must be at most ${MAX_CALLBACK_DATA} characters long.`);
  }
  const isVoice = type === 'audio' && (content as Json).voice === true;
  return { kind: 'message', request: { type, recipient, template, isVoice, callbackData } };
}

function readRecipient(body: Json): Recipient | null {
  const { to, recipient } = body;
  if (body.recipient_type === 'group') return typeof to === 'string' && to !== '' ? { kind: 'group', input: to } : null;
  if (typeof to === 'string' && to !== '') return only('phone', customerOf(to));
  return typeof recipient === 'string' ? only('user', customerOf(recipient)) : null;
}

function only(kind: Customer['kind'], customer: Customer | null): Customer | null {
  return customer?.kind === kind ? customer : null;
}

function readTemplate(content: Json): SendRequest['template'] {
  const language = isObject(content.language) ? content.language.code : undefined;
  return typeof content.name === 'string' && typeof language === 'string' ? { name: content.name, language } : null;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function missing(parameter: string): ParsedBody {
  return invalid(131008, `The parameter ${parameter} is required.`);
}

function invalid(code: 100 | 131008, details: string): ParsedBody {
  return { kind: 'invalid', code, details };
}
