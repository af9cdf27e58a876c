import type { ConversationNews } from '#conversations';
import type { InboundMessageItem } from '#graph-api';
import { toldAt } from '#messages';
import type { Arrived } from './domain/arrived.js';

/** Whether the contact came through an ad, or a page's button. */
export const hasReferral = ({ raw }: InboundMessageItem): boolean =>
  typeof raw['referral'] === 'object' && raw['referral'] !== null && !Array.isArray(raw['referral']);

/** What a message of a contact tells of conversations: nothing where it was written in a group, or by nobody who is named. */
export function newsOfInbound(message: Arrived<InboundMessageItem>): ConversationNews[] {
  const { item, receivedAt } = message;
  const { phoneNumberId, from: contact, groupId } = item;
  if (phoneNumberId === null || contact === '' || groupId !== null) return [];
  return [{ kind: 'heard', phoneNumberId, contact, at: toldAt(item, receivedAt), isReferral: hasReferral(item) }];
}
