import type { InboundMessageItem, StatusItem } from '#graph-api';
import { toldAt } from '#messages';
import type { Arrived } from '../domain/arrived.js';
import { arrivalOfInbound } from '../arrived-messages.js';
import type { ArrivedMessage } from '../domain/arrived-message.js';

/** A message of a contact that the contact deleted. */
export interface Deletion {
  wamid: string;
  /** The sender that got it. */
  phoneNumberId: string;
  deletedAt: Date;
}

/**
 * The deletions that items tell of, the earliest of each message: a `revoke`, of a contact or in the app, names the message; a status `deleted` is about its
 * own, which may be a contact's if it is none of ours.
 */
export function deletionsOf(
  inbound: readonly Arrived<InboundMessageItem>[],
  foreignStatuses: readonly Arrived<StatusItem>[],
  ofApp: readonly ArrivedMessage[] = [],
): Deletion[] {
  const deletions = [
    ...[...inbound.map(arrivalOfInbound), ...ofApp].flatMap((message) =>
      message.type === 'revoke' ? deletion(message.targetWamid, message, message.receivedAt) : [],
    ),
    ...foreignStatuses.flatMap(({ item, receivedAt }) =>
      item.status === 'deleted' ? deletion(item.wamid, item, receivedAt) : [],
    ),
  ];
  const earliest = deletions.sort((one, other) => other.deletedAt.getTime() - one.deletedAt.getTime());
  return [...new Map(earliest.map((one) => [`${one.phoneNumberId} ${one.wamid}`, one])).values()];
}

function deletion(
  wamid: string | null,
  item: { phoneNumberId: string | null; timestamp: number | null },
  receivedAt: Date,
): Deletion[] {
  if (wamid === null || item.phoneNumberId === null || item.phoneNumberId === '') return [];
  return [{ wamid, phoneNumberId: item.phoneNumberId, deletedAt: toldAt(item, receivedAt) }];
}
