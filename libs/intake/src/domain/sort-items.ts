import type { InboundMessageItem, NotificationItem, OtherItem, StatusItem } from '#graph-api';
import type { Arrived, UnhandledKind } from './arrived.js';

/** Items of many notifications, by what they do. */
export interface SortedItems {
  statuses: Arrived<StatusItem>[];
  inbound: Arrived<InboundMessageItem>[];
  /** What Meta tells of messaging limits and throughput. */
  limits: Arrived<OtherItem>[];
  /** What Meta tells of templates. */
  templates: Arrived<OtherItem>[];
  /** Calls, which contacts may have made. */
  calls: Arrived<OtherItem>[];
  /** Kept raw in the inbox, and counted. */
  unhandled: UnhandledKind[];
}

/** Field of the webhooks that tell of calls. */
const CALLS = 'calls';
const DAY_MS = 24 * 60 * 60_000;
/** What is older when it arrives has no effect: a captured delivery that somebody sends again. */
const MAX_AGE_MS = 30 * DAY_MS;

/**
 * Sorts items by what they do.
 * @param isOurs whether a sender of ours belongs to that WABA
 * @param fields of webhooks that tell of limits, and of templates
 */
export function sortItems(
  items: readonly Arrived<NotificationItem>[],
  isOurs: (phoneNumberId: string | null, wabaId: string | null) => boolean,
  fields: { limits: ReadonlySet<string>; templates: ReadonlySet<string> },
): SortedItems {
  const sorted: SortedItems = { statuses: [], inbound: [], limits: [], templates: [], calls: [], unhandled: [] };
  for (const { item, inboxId, receivedAt } of items) {
    if (item.kind === 'other' && (fields.limits.has(item.field) || fields.templates.has(item.field))) {
      (fields.limits.has(item.field) ? sorted.limits : sorted.templates).push({ item, inboxId, receivedAt });
      continue;
    }
    const reason = unhandledKind(item, receivedAt, isOurs);
    if (reason !== null) sorted.unhandled.push(reason);
    else if (item.kind === 'other') sorted.calls.push({ item, inboxId, receivedAt });
    else if (item.kind === 'status') sorted.statuses.push({ item, inboxId, receivedAt });
    else if (item.kind === 'inbound_message') sorted.inbound.push({ item, inboxId, receivedAt });
  }
  return sorted;
}

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
      return isOurs(item.phoneNumberId, item.wabaId) ? null : { field: 'messages', kind: 'unknown_sender' };
    case 'account_error':
      return { field: 'messages', kind: 'account_error' };
    case 'other':
      if (item.field !== CALLS) return { field: item.field, kind: 'other' };
      return isOurs(item.phoneNumberId, item.wabaId) ? null : { field: CALLS, kind: 'unknown_sender' };
    case 'unknown':
    case 'unparsable':
      return { field: '', kind: item.kind };
  }
}

const isTooOld = (timestamp: number | null, receivedAt: Date) =>
  timestamp !== null && timestamp * 1_000 < receivedAt.getTime() - MAX_AGE_MS;
