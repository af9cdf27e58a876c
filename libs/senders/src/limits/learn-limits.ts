import type { OtherItem } from '#graph-api';
import type { Tx } from '#persistence';
import { readMessagingLimit, UPGRADED_THROUGHPUT } from '../domain/sender-limits.js';
import {
  type MessagingLimitFact,
  setMessagingLimits,
  setThroughputs,
  type ThroughputFact,
} from '../queries/sender-limits.query.js';

/** Fields of webhooks that tell of limits. */
export const LIMIT_FIELDS: ReadonlySet<string> = new Set(['business_capability_update', 'phone_number_quality_update']);

/** A webhook of one of `LIMIT_FIELDS`, and when it came. */
export interface LimitNotice {
  item: OtherItem;
  receivedAt: Date;
}

/** Takes over what Meta tells of messaging limits and throughput. Safe to run twice, and in any order. */
export async function learnLimits(tx: Tx, notices: readonly LimitNotice[]): Promise<void> {
  const facts = notices.map(read);
  await setMessagingLimits(
    tx,
    facts.flatMap(({ messagingLimit }) => messagingLimit ?? []),
  );
  await setThroughputs(
    tx,
    facts.flatMap(({ throughput }) => throughput ?? []),
  );
}

function read({ item, receivedAt }: LimitNotice): { messagingLimit?: MessagingLimitFact; throughput?: ThroughputFact } {
  const value = typeof item.raw === 'object' && item.raw !== null ? (item.raw as Record<string, unknown>) : {};
  const { wabaId } = item;
  const knownAt = item.time === null ? receivedAt : new Date(Math.min(item.time * 1_000, receivedAt.getTime()));
  const users = readMessagingLimit(value['max_daily_conversations_per_business']);
  const isUpgrade = value['event'] === 'THROUGHPUT_UPGRADE' && typeof value['display_phone_number'] === 'string';
  return {
    ...(wabaId !== null && users !== undefined ? { messagingLimit: { wabaId, users, knownAt } } : {}),
    ...(isUpgrade && wabaId !== null
      ? {
          throughput: {
            phoneNumberId: null,
            wabaId,
            displayNumber: String(value['display_phone_number']),
            perSecond: UPGRADED_THROUGHPUT,
            knownAt,
          },
        }
      : {}),
  };
}
