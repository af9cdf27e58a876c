import { v7 as uuidv7 } from 'uuid';
import type { InboundMessageItem, NotificationItem, OtherItem, StatusItem } from '#graph-api';
import { parseAttemptId, readInboundCalls } from '#graph-api';
import { type CallHeard, hearSenders, keepInboundCalls, type SenderHeard } from '#conversations';
import {
  alertUnknownPricing,
  applyFailedStatuses,
  attachOrphans,
  chargeAttempts,
  hasSideEffect,
  proveAccepted,
} from '#delivery';
import { keepInboundMedia } from '#media';
import { recordStatuses, toAttemptStatus } from '#messages';
import type { Tx } from '#persistence';
import { isDeliveredRank, recordForeignCharges } from '#pricing';
import { learnLimits, LIMIT_FIELDS } from '#senders';
import { learnTemplates, TEMPLATE_FIELDS } from '#templates';
import type { Arrived, UnhandledKind } from './domain/arrived.js';
import { sortItems } from './domain/sort-items.js';
import { keepInboundMessages, keepOrphanStatuses } from './queries/keep-items.query.js';
import { knownSenders, type NamedAttempt, resolveAttempts } from './queries/resolve-attempts.query.js';

/**
 * Applies items in one transaction: statuses to the attempts they name (by our opaque id, else by wamid), inbound messages to
 * their table with what files they brought, calls to theirs, limits to the sender or portfolio they are about, what is told of templates to theirs. A status that proves an attempt settles it (T5/T8); one that says failed may hold back what is to come. Safe to
 * run twice.
 */
export async function applyItems(tx: Tx, items: readonly Arrived<NotificationItem>[]): Promise<AppliedItems> {
  const { statuses, inbound, limits, templates, calls, unhandled } = sortItems(items, await ownership(tx, items), {
    limits: LIMIT_FIELDS,
    templates: TEMPLATE_FIELDS,
  });
  const attempts = statuses.length > 0 ? await applyStatuses(tx, statuses) : [];
  if (limits.length > 0) await learnLimits(tx, limits);
  if (templates.length > 0) await learnTemplates(tx, templates);
  if (inbound.length > 0) await keepInboundMessages(tx, distinctByWamid(inbound));
  const files = await keepInboundMedia(
    tx,
    distinctByWamid(inbound).map(({ item }) => item),
  );
  await keepInboundCalls(tx, calls.flatMap(callsOf));
  await hearSenders(tx, [...statuses, ...inbound, ...calls].flatMap(heardOf));
  return { unhandled, attempts, files };
}

/** What of some items is still to be told, once they are committed. */
export interface AppliedItems {
  /** What had no effect, for whoever ends the notification to count: once, however often it is applied. */
  unhandled: UnhandledKind[];
  /** Attempts of ours that statuses came for. */
  attempts: { messageId: string; attemptNo: number }[];
  /** How many files of contacts are to be fetched. */
  files: number;
}

/** @returns the attempts that the statuses name */
async function applyStatuses(tx: Tx, statuses: Arrived<StatusItem>[]): Promise<AppliedItems['attempts']> {
  const attemptOf = attemptFinder(
    await resolveAttempts(
      tx,
      statuses.flatMap(({ item }) => parseAttemptId(item.opaque ?? '') ?? []),
      statuses.map(({ item }) => item.wamid),
    ),
  );
  const named = statuses.flatMap((status) => {
    const attempt = attemptOf(status.item);
    return attempt === undefined ? [] : [toAttemptStatus(status.item, attempt, status, uuidv7())];
  });
  const orphans = statuses.filter(({ item }) => attemptOf(item) === undefined);
  if (orphans.length > 0) await keepForeign(tx, orphans);
  if (named.length === 0) return [];
  const unproven = await recordStatuses(tx, named);
  const failures = named.filter(({ status, code }) => status === 'failed' && hasSideEffect(code));
  if (failures.length > 0)
    await applyFailedStatuses(
      tx,
      failures.map(({ eventId }) => eventId),
      Math.random(),
    );
  for (const attempt of unproven) await proveAccepted(tx, { ...attempt, reason: 'proved_by_status', by: 'meta' });
  if (unproven.length > 0)
    await attachOrphans(
      tx,
      unproven.map(({ wamid }) => wamid),
    );
  await chargeAttempts(tx, named.filter(concernsCharge));
  return named;
}

/** Keeps statuses of messages that are not ours, or not yet; those that Meta bills are charged apart. */
async function keepForeign(tx: Tx, orphans: Arrived<StatusItem>[]): Promise<void> {
  const billed = orphans.filter(({ item }) => concernsCharge(item)).map(({ item }) => item.wamid);
  if (billed.length === 0) return keepOrphanStatuses(tx, orphans);
  await alertUnknownPricing(tx, await recordForeignCharges(tx, billed, () => keepOrphanStatuses(tx, orphans)));
}

/** Whether a status can make a charge, or change one: it says what is billed, or that the message arrived. */
const concernsCharge = ({ pricing, rank }: Pick<StatusItem, 'pricing' | 'rank'>) =>
  pricing !== null || isDeliveredRank(rank);

/** Our opaque id is the stronger name; a wamid names the attempt that it was stored for. */
function attemptFinder(
  attempts: NamedAttempt[],
): (item: StatusItem) => { messageId: string; attemptNo: number } | undefined {
  const byName = new Map(
    attempts.map(({ messageId, attemptNo }) => [`${messageId} ${attemptNo}`, { messageId, attemptNo }]),
  );
  const byWamid = new Map(attempts.map(({ messageId, attemptNo, wamid }) => [wamid, { messageId, attemptNo }]));
  return ({ opaque, wamid }) => {
    const name = parseAttemptId(opaque ?? '');
    return (name === null ? undefined : byName.get(`${name.messageId} ${name.attemptNo}`)) ?? byWamid.get(wamid);
  };
}

async function ownership(
  tx: Tx,
  items: readonly Arrived<NotificationItem>[],
): Promise<(phoneNumberId: string | null, wabaId: string | null) => boolean> {
  const named = items.flatMap(({ item }) =>
    'phoneNumberId' in item && item.phoneNumberId !== null ? [item.phoneNumberId] : [],
  );
  const wabaOf = new Map(
    (named.length === 0 ? [] : await knownSenders(tx, [...new Set(named)])).map((sender) => [
      sender.phoneNumberId,
      sender.wabaId,
    ]),
  );
  return (phoneNumberId, wabaId) => phoneNumberId !== null && wabaOf.get(phoneNumberId) === wabaId;
}

/** Senders last: theirs are the rows that other transactions wait for. */
const heardOf = ({ item, receivedAt }: Arrived<{ phoneNumberId: string | null }>): SenderHeard[] =>
  item.phoneNumberId === null ? [] : [{ phoneNumberId: item.phoneNumberId, receivedAt }];

/** A call without a time began when we heard of it, at the latest. */
const callsOf = ({ item, receivedAt }: Arrived<OtherItem>): CallHeard[] =>
  readInboundCalls(item).map(({ id, from, startedAt }) => ({
    id,
    phoneNumberId: item.phoneNumberId ?? '',
    contact: from,
    startedAt: new Date(Math.min((startedAt ?? Infinity) * 1_000, receivedAt.getTime())),
  }));

/** One delivery may carry a message twice; the statement wants each wamid once. */
const distinctByWamid = (messages: Arrived<InboundMessageItem>[]) =>
  [...new Map(messages.toReversed().map((message) => [message.item.wamid, message])).values()].reverse();
