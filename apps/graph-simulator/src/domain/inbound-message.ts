import type { AcceptedMessage, SenderNumber } from './accepted-message.js';
import type { Reply } from './behaviour.js';
import { contactKey, contactOf } from './identity.js';
import type { Customer } from './identity.js';
import type { NotificationItem } from './notification.js';
import { newWamid } from './wamid.js';

/** What a customer sent: the type, its own object, and whatever else Meta puts beside them. */
export interface InboundContent {
  type: string;
  [property: string]: unknown;
}

/** A message that a customer wrote at `at` (ms), as a webhook carries it, and its wamid. A user id alone brings no number. */
export function inboundMessage(
  sender: SenderNumber,
  customer: Customer,
  at: number,
  content: InboundContent,
  name?: string,
): { wamid: string; notification: NotificationItem } {
  const wamid = newWamid(contactKey(customer), 'incoming');
  const contact = contactOf(customer, name);
  const from = customer.kind === 'phone' ? { from: customer.waId } : {};
  const timestamp = String(Math.floor(at / 1000));
  const item = { ...from, from_user_id: contact.user_id, id: wamid, timestamp, ...content };
  return { wamid, notification: { kind: 'message', sender, contact, item } };
}

/** The customer's answer to a message of ours; null for a group, which does not answer. */
export function replyTo(message: AcceptedMessage, reply: Reply, at: number): NotificationItem | null {
  const { recipient, sender } = message;
  if (recipient.kind === 'group') return null;
  return inboundMessage(sender, recipient, at, replyContent(message, reply)).notification;
}

function replyContent({ sender, wamid }: AcceptedMessage, reply: Reply): InboundContent {
  const context = { from: sender.displayPhoneNumber, id: wamid };
  switch (reply) {
    case 'text':
      return { type: 'text', text: { body: 'Thank you! / Danke schön 🙂' }, context };
    case 'button':
      return { type: 'button', button: { payload: 'CONFIRM', text: 'Confirm' }, context };
    case 'reaction':
      return { type: 'reaction', reaction: { message_id: wamid, emoji: '👍' } };
  }
}
