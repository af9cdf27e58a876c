import { contactKey, customerOf } from './domain/identity.js';
import { inboundMessage } from './domain/inbound-message.js';
import type { InboundContent } from './domain/inbound-message.js';
import { RECORDED_NUMBER, senderNumberOf } from './phone-numbers.js';
import type { Simulator } from './simulator.js';

/** What the control API is told about a message from a customer. */
export interface InboundRequest {
  /** The customer's number in any spelling, or a user id: then the webhook names no number. */
  from: string;
  /** The business number it is sent to; the one of the recorded answers by default. */
  phoneNumberId?: string;
  /** Text of a text message; ignored when `message` is given. */
  text?: string;
  /** Any other message: its type and the properties beside it. May also replace `id` or `timestamp`. */
  message?: InboundContent;
  /** The customer's profile name. */
  name?: string;
  /** false opens the window without telling the webhook, and uses no throughput. */
  deliver?: boolean;
}

/** A customer writes: the window opens and the webhook is told. Gives the wamid. */
export function injectInbound(simulator: Simulator, request: InboundRequest, now: number): { wamid: string } {
  const customer = customerOf(String(request?.from ?? ''));
  if (customer === null) throw new Error('from is expected: the phone number or user id of the customer');
  const { phoneNumberId = RECORDED_NUMBER.phoneNumberId, deliver = true } = request;
  const content = request.message ?? { type: 'text', text: { body: request.text ?? 'Hello' } };
  const sender = senderNumberOf(phoneNumberId, simulator.settings);
  const { wamid, notification } = inboundMessage(sender, customer, now, content, request.name);
  simulator.windows.heard(phoneNumberId, contactKey(customer), writtenAt(content, now), content.referral !== undefined);
  if (!deliver) return { wamid };
  simulator.limits.countInbound(phoneNumberId, now);
  simulator.schedule.add(notification, now);
  return { wamid };
}

/** When the customer wrote, ms: the `timestamp` of the message (UNIX seconds) where one is given, as of one that comes late. */
function writtenAt({ timestamp }: InboundContent, now: number): number {
  const seconds = Number(timestamp ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : now;
}
