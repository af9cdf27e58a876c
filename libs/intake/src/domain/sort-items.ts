import type { InboundMessageItem, NotificationItem, OtherItem, StatusItem } from '#graph-api';
import type { Arrived, Parked, UnhandledKind } from './arrived.js';

/** Items of many notifications, by what they do. */
export interface SortedItems {
  statuses: Arrived<StatusItem>[];
  inbound: Arrived<InboundMessageItem>[];
  /** What Meta tells of accounts and their numbers. */
  accounts: Arrived<OtherItem>[];
  /** What Meta tells of templates. */
  templates: Arrived<OtherItem>[];
  /** Messages of the WhatsApp Business app on the same number. */
  app: Arrived<OtherItem>[];
  /** Calls, which contacts may have made. */
  calls: Arrived<OtherItem>[];
  /** What contacts chose of marketing in WhatsApp. */
  preferences: Arrived<OtherItem>[];
  /** Kept raw in the inbox, and counted. */
  unhandled: UnhandledKind[];
}

/** Fields of webhooks of one number, by what they tell of. */
const OF_NUMBER = {
  calls: 'calls',
  user_preferences: 'preferences',
  smb_message_echoes: 'app',
  history: 'app',
} as const;
type FieldOfNumber = keyof typeof OF_NUMBER;
const isOfNumber = (field: string): field is FieldOfNumber => Object.hasOwn(OF_NUMBER, field);
/** As in #messages, attempt-status.ts. */
const MAX_AHEAD_S = 60;
const DAY_MS = 24 * 60 * 60_000;
/** What is older when it arrives has no effect: a captured delivery that somebody sends again. */
const MAX_AGE_MS = 30 * DAY_MS;

/**
 * Sorts items by what they do.
 * @param isOurs whether a sender of ours belongs to that WABA; without a sender, whether the WABA is ours
 * @param fields of webhooks that tell of accounts, and of templates
 */
export function sortItems(
  items: readonly Arrived<NotificationItem>[],
  isOurs: (phoneNumberId: string | null, wabaId: string | null) => boolean,
  fields: { accounts: ReadonlySet<string>; templates: ReadonlySet<string> },
): SortedItems {
  const sorted: SortedItems = {
    statuses: [],
    inbound: [],
    accounts: [],
    templates: [],
    app: [],
    calls: [],
    preferences: [],
    unhandled: [],
  };
  for (const { item, inboxId, receivedAt } of items) {
    if (item.kind === 'other' && (fields.accounts.has(item.field) || fields.templates.has(item.field))) {
      if (!isOurs(null, item.wabaId))
        sorted.unhandled.push({ field: item.field, kind: 'unknown_account', parked: parkedOf(inboxId, item, null) });
      else (fields.accounts.has(item.field) ? sorted.accounts : sorted.templates).push({ item, inboxId, receivedAt });
      continue;
    }
    const reason = unhandledKind(item, receivedAt, isOurs);
    if (reason === null && 'timestamp' in item && isAhead(item.timestamp, receivedAt))
      sorted.unhandled.push({ field: 'messages', kind: 'time_ahead' });
    if (reason?.kind === 'unknown_sender' && 'phoneNumberId' in item && item.phoneNumberId !== null)
      sorted.unhandled.push({ ...reason, parked: parkedOf(inboxId, item, item.phoneNumberId) });
    else if (reason !== null) sorted.unhandled.push(reason);
    else if (item.kind === 'other' && isOfNumber(item.field))
      sorted[OF_NUMBER[item.field]].push({ item, inboxId, receivedAt });
    else if (item.kind === 'status') sorted.statuses.push({ item, inboxId, receivedAt });
    else if (item.kind === 'inbound_message') sorted.inbound.push({ item, inboxId, receivedAt });
  }
  return sorted;
}

/** For whom an item waits; undefined when it names no account. */
const parkedOf = (
  inboxId: string,
  { wabaId }: { wabaId: string | null },
  phoneNumberId: string | null,
): Parked | undefined => (wabaId === null ? undefined : { inboxId, wabaId, phoneNumberId });

/** Field and kind under which an item without effect is counted; null when it has one. */
function unhandledKind(
  item: NotificationItem,
  receivedAt: Date,
  isOurs: (phoneNumberId: string | null, wabaId: string | null) => boolean,
): { field: string; kind: string } | null {
  switch (item.kind) {
    case 'status':
    case 'inbound_message':
      if (isTooOld(item.timestamp, receivedAt)) return { field: 'messages', kind: 'too_old' };
      return item.phoneNumberId !== null && isOurs(item.phoneNumberId, item.wabaId)
        ? null
        : { field: 'messages', kind: 'unknown_sender' };
    case 'account_error':
      return { field: 'messages', kind: 'account_error' };
    case 'other':
      if (!isOfNumber(item.field)) return { field: item.field, kind: 'other' };
      return item.phoneNumberId !== null && isOurs(item.phoneNumberId, item.wabaId)
        ? null
        : { field: item.field, kind: 'unknown_sender' };
    case 'unknown':
    case 'unparsable':
      return { field: '', kind: item.kind };
  }
}

/** It is applied as of so long after its arrival, and counted. */
const isAhead = (timestamp: number | null, receivedAt: Date) =>
  timestamp !== null && timestamp > Math.floor(receivedAt.getTime() / 1_000) + MAX_AHEAD_S;

const isTooOld = (timestamp: number | null, receivedAt: Date) =>
  timestamp !== null && timestamp * 1_000 < receivedAt.getTime() - MAX_AGE_MS;
