import { type InboundMessageItem, type NotificationItem, type OtherItem, readAppMessages } from '#graph-api';
import type { Arrived } from './domain/arrived.js';
import type { ArrivedAppMessage, ArrivedMessage } from './domain/arrived-message.js';

/** A message of a contact, as a message that came. */
export const arrivalOfInbound = ({ item, inboxId, receivedAt }: Arrived<InboundMessageItem>): ArrivedMessage => ({
  wamid: item.wamid,
  phoneNumberId: item.phoneNumberId ?? '',
  type: item.type,
  targetWamid: item.targetWamid,
  timestamp: item.timestamp,
  inboxId,
  receivedAt,
});

/** The messages that a webhook of the app brought. */
export const appMessagesOf = ({ item, inboxId, receivedAt }: Arrived<OtherItem>): ArrivedAppMessage[] =>
  readAppMessages(item).map((message) => ({
    ...message,
    phoneNumberId: item.phoneNumberId ?? '',
    inboxId,
    receivedAt,
  }));

/** The messages that an item of any kind brings, of contacts or of the app. */
export function messagesOf({ item, ...arrival }: Arrived<NotificationItem>): ArrivedMessage[] {
  if (item.kind === 'inbound_message') return [arrivalOfInbound({ item, ...arrival })];
  return item.kind === 'other' ? appMessagesOf({ item, ...arrival }) : [];
}
