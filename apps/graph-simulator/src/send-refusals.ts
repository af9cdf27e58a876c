import { contactKey } from './domain/identity.js';
import type { ParsedBody, SendRequest } from './domain/send-request.js';
import { numberExists, senderNumberOf } from './phone-numbers.js';
import type { Simulator } from './simulator.js';

/** A send as it arrived. */
export interface IncomingSend {
  api: 'messages' | 'marketing_messages';
  phoneNumberId: string;
  isTokenValid: boolean;
  body: unknown;
}

/** A Graph error and, where it is not the recorded text, what its details say. */
export interface Refusal {
  code: number;
  details?: string;
}

const MEDIA_TYPES = ['image', 'video', 'audio', 'document', 'sticker'];
const SENDABLE_OR_NAMED = new Set(['APPROVED', 'PAUSED', 'DISABLED']);

/** Why the caller may not send at all: a wrong token or a phone number id that does not exist. */
export function refusalOfCaller({ settings }: Simulator, send: IncomingSend): Refusal | null {
  if (!send.isTokenValid) return { code: 190 };
  return numberExists(send.phoneNumberId, settings) ? null : { code: 33 };
}

/** Why this message is refused whatever its recipient's scenario: throughput, body, pair limit, template. Counts the send. */
export function refusalOfMessage(
  simulator: Simulator,
  send: IncomingSend,
  parsed: Exclude<ParsedBody, { kind: 'mark_read' }>,
  now: number,
): Refusal | null {
  if (!simulator.limits.takeThroughput(send.phoneNumberId, now)) return { code: 130429 };
  if (parsed.kind === 'invalid') return { code: parsed.code, details: parsed.details };
  const { recipient } = parsed.request;
  const { displayPhoneNumber } = senderNumberOf(send.phoneNumberId, simulator.settings);
  if (contactKey(recipient) === displayPhoneNumber) return { code: 131021 };
  if (!simulator.limits.takePair(send.phoneNumberId, contactKey(recipient), now)) return { code: 131056 };
  return refusalOfMedia(send.body) ?? refusalOfTemplate(simulator, send.api, parsed.request);
}

/** Meta's ids of files are digits. */
function refusalOfMedia(body: unknown): Refusal | null {
  const message = body as Record<string, { id?: unknown } | undefined>;
  const type = MEDIA_TYPES.find((known) => known === (message.type as unknown));
  const id = type === undefined ? undefined : message[type]?.id;
  return typeof id === 'string' && !/^\d+$/.test(id)
    ? { code: 100, details: `Param ${type}['id'] is not a valid whatsapp business account media attachment ID` }
    : null;
}

function refusalOfTemplate(simulator: Simulator, api: IncomingSend['api'], request: SendRequest): Refusal | null {
  if (request.template === null)
    return api === 'messages' ? null : { code: 100, details: 'Param type must be template.' };
  const { name, language } = request.template;
  const template = simulator.templates.find(name, language);
  if (template === undefined || !SENDABLE_OR_NAMED.has(template.status)) {
    return { code: 132001, details: `template name (${name}) does not exist in ${language}` };
  }
  if (template.status === 'PAUSED') return { code: 132015 };
  if (template.status === 'DISABLED') return { code: 132016 };
  if (api === 'marketing_messages' && template.category !== 'MARKETING') return { code: 134100 };
  return template.category === 'AUTHENTICATION' && request.recipient.kind === 'user' ? { code: 131062 } : null;
}
