import type { AcceptedMessage } from './accepted-message.js';
import { contactOf, userIdOf } from './identity.js';
import type { Recipient } from './identity.js';
import type { NotificationItem } from './notification.js';
import type { PlannedStatus } from './status-plan.js';

/** Who is in every group of the simulator. */
export const GROUP_PARTICIPANTS = ['15550100001', '15550100002'];

const DAY_SECONDS = 86_400;

/** What a planned status looks like on the wire: one item, or one a participant for a group. */
export function statusItems(
  message: AcceptedMessage,
  planned: PlannedStatus,
  options: { withConversation: boolean; statusError: (code: number) => object },
): NotificationItem[] {
  const { sender, recipient } = message;
  const contact = planned.code === null && recipient.kind !== 'group' ? contactOf(recipient) : null;
  const wamid = { id: message.wamid, status: planned.status, timestamp: String(secondsOf(planned.happensAt)) };
  const rest = {
    ...(planned.hasPricing ? priceOf(message, planned, options.withConversation) : {}),
    ...(planned.code === null ? {} : { errors: [options.statusError(planned.code)] }),
    ...(message.callbackData !== null && message.behaviour.echoesCallbackData
      ? { biz_opaque_callback_data: message.callbackData }
      : {}),
  };
  return recipientKeys(recipient, planned).map((to) => ({
    kind: 'status',
    sender,
    contact,
    item: { ...wamid, ...to, ...rest },
  }));
}

/** How a status names who it is about; a `failed` one says less. */
function recipientKeys(recipient: Recipient, { status, code }: PlannedStatus): object[] {
  const hasFailed = code !== null;
  switch (recipient.kind) {
    case 'phone':
      return [{ recipient_id: recipient.waId, ...(hasFailed ? {} : { recipient_user_id: userIdOf(recipient.waId) }) }];
    case 'user':
      return [{ recipient_user_id: recipient.userId }];
    case 'group': {
      const group = { recipient_id: recipient.input, recipient_type: 'group' };
      if (hasFailed || status === 'sent') return [group];
      return GROUP_PARTICIPANTS.map((participant) => ({ ...group, recipient_participant_id: participant }));
    }
  }
}

/** The `pricing` object, and `conversation` where the webhook version or a free entry point window asks for one. */
function priceOf(message: AcceptedMessage, planned: PlannedStatus, withConversation: boolean): object {
  const { charge } = message;
  const pricing = {
    billable: charge.type === 'regular',
    pricing_model: 'PMP',
    type: charge.type,
    category: charge.category,
  };
  if (!withConversation && charge.entryPoint === null) return { pricing };
  const expiresAt = charge.entryPoint?.openUntil ?? message.acceptedAt + DAY_SECONDS * 1000;
  const expiration = planned.status === 'sent' ? { expiration_timestamp: String(secondsOf(expiresAt)) } : {};
  const id = charge.entryPoint?.conversationId ?? conversationIdOf(message.wamid);
  return { conversation: { id, ...expiration, origin: { type: charge.origin } }, pricing };
}

/** Per message, as Meta does since per-message pricing; derived, so that both statuses name the same one. */
function conversationIdOf(wamid: string): string {
  return Buffer.from(wamid.slice(-28)).toString('hex').slice(0, 32);
}

function secondsOf(ms: number): number {
  return Math.floor(ms / 1000);
}
