import type { InboundMessageItem, NotificationItem, OtherItem, StatusItem } from '#graph-api';
import { parseAttemptId, readInboundCalls } from '#graph-api';
import { chooseMarketing, type ConsentWords, learnContacts } from '#contacts';
import {
  type CallHeard,
  type ConversationNews,
  followConversations,
  hearSenders,
  keepInboundCalls,
  newsOfStatus,
  type SenderHeard,
} from '#conversations';
import {
  alertAccountErrors,
  alertUnknownPricing,
  applyFailedStatuses,
  type AttachedOrphans,
  attachOrphans,
  chargeAttempts,
  countUsersOnce,
  NO_ORPHANS,
  recordOurStatuses,
} from '#delivery';
import { keepInboundMedia } from '#media';
import { statusSecond, toAttemptStatus } from '#messages';
import { newId, type Tx } from '#persistence';
import { isDeliveredRank, recordForeignCharges } from '#pricing';
import { ACCOUNT_FIELDS, learnAccounts } from '#senders';
import { learnTemplates, TEMPLATE_FIELDS } from '#templates';
import { deletionsOf } from './deletion/deletions.js';
import { eraseDeleted } from './deletion/erase-deleted.js';
import { lockArrivals } from './deletion/queries/deletions.query.js';
import type { Arrived, UnhandledKind } from './domain/arrived.js';
import { appMessagesOf, arrivalOfInbound } from './arrived-messages.js';
import { identityNews } from './identity-news.js';
import { newsOfInbound } from './inbound-news.js';
import { sortItems } from './domain/sort-items.js';
import { marketingChoices } from './marketing-choices.js';
import { keepAppMessages } from './queries/keep-app-messages.query.js';
import { keepInboundMessages, keepOrphanStatuses } from './queries/keep-items.query.js';
import { knownAccounts, knownSenders, type NamedAttempt, resolveAttempts } from './queries/resolve-attempts.query.js';

/**
 * Applies items in one transaction: statuses to the attempts they name (by our opaque id, else by wamid), inbound messages to
 * their table with what files they brought, less what their contacts deleted, calls and messages of the app to theirs, facts to the
 * account, number or template they are about. A status that proves an attempt settles it (T5/T8). Then it is learnt who is who; after that,
 * statuses that say failed may hold back what is to come, and contacts choose. The conversations that all this opens or moves come last,
 * since other transactions wait for their locks. Safe to run twice.
 * @param words with which contacts end marketing, or let it begin again
 */
export async function applyItems(
  tx: Tx,
  items: readonly Arrived<NotificationItem>[],
  words: ConsentWords,
): Promise<AppliedItems> {
  const isOurs = await ownership(tx, items);
  const { statuses, inbound, accounts, templates, app, calls, preferences, unhandled } = sortItems(items, isOurs, {
    accounts: ACCOUNT_FIELDS,
    templates: TEMPLATE_FIELDS,
  });
  const {
    named: attempts,
    foreign,
    failures,
    orphans,
    attemptOf,
  } = statuses.length > 0 ? await applyStatuses(tx, statuses) : NO_STATUSES;
  if (accounts.length + app.length > 0) await learnAccounts(tx, [...accounts, ...app]);
  if (templates.length > 0) await learnTemplates(tx, templates);
  const ofApp = app.flatMap(appMessagesOf);
  const deletions = deletionsOf(inbound, foreign, ofApp);
  if (deletions.length > 0) await lockArrivals(tx);
  if (inbound.length > 0) await keepInboundMessages(tx, distinctByWamid(inbound));
  await keepAppMessages(tx, ofApp);
  const files = await keepInboundMedia(
    tx,
    distinctByWamid(inbound).map(({ item }) => item),
  );
  await eraseDeleted(tx, deletions, [...inbound.map(arrivalOfInbound), ...ofApp]);
  const changes = await learnContacts(
    tx,
    [...orphans.told, ...identityNews({ inbound, statuses, others: [...calls, ...preferences] }, attemptOf)],
    [...inbound, ...statuses, ...calls, ...preferences].map(({ item }) => item.phoneNumberId ?? ''),
  );
  await countUsersOnce(tx, changes);
  if (failures.length > 0) await applyFailedStatuses(tx, failures, Math.random());
  await chooseMarketing(tx, marketingChoices(inbound, preferences, words));
  const heardCalls = calls.flatMap(callsOf);
  await keepInboundCalls(tx, heardCalls);
  await followConversations(
    tx,
    [
      ...orphans.news,
      ...statuses.flatMap(({ item, receivedAt }) => newsOfStatus(item, statusSecond(item, receivedAt), receivedAt)),
      ...inbound.flatMap(newsOfInbound),
      ...heardCalls.map(newsOfCall),
    ],
    changes,
  );
  await alertAccountErrors(
    tx,
    items.flatMap(({ item }) =>
      item.kind === 'account_error' && isOurs(item.phoneNumberId, item.wabaId) ? [item] : [],
    ),
  );
  await hearSenders(tx, [...statuses, ...inbound, ...calls, ...app].flatMap(heardOf));
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

/** What statuses were about: attempts of ours, or messages that are not ours, or not yet. */
interface AppliedStatuses {
  named: AppliedItems['attempts'];
  foreign: Arrived<StatusItem>[];
  /** Ids of statuses that may hold back what is to come. */
  failures: string[];
  /** Statuses that had waited for these attempts. */
  orphans: AttachedOrphans;
  attemptOf: (item: StatusItem) => NamedAttempt | undefined;
}
const NO_STATUSES: AppliedStatuses = {
  named: [],
  foreign: [],
  failures: [],
  orphans: NO_ORPHANS,
  attemptOf: () => undefined,
};

async function applyStatuses(tx: Tx, statuses: Arrived<StatusItem>[]): Promise<AppliedStatuses> {
  const attemptOf = attemptFinder(
    await resolveAttempts(
      tx,
      statuses.flatMap(({ item }) => parseAttemptId(item.opaque ?? '') ?? []),
      statuses.map(({ item }) => item.wamid),
    ),
  );
  const named = statuses.flatMap((status) => {
    const attempt = attemptOf(status.item);
    if (attempt === undefined) return [];
    const { messageId, attemptNo } = attempt;
    return [toAttemptStatus(status.item, { messageId, attemptNo }, status, newId())];
  });
  const foreign = statuses.filter(({ item }) => attemptOf(item) === undefined);
  if (foreign.length > 0) await keepForeign(tx, foreign);
  if (named.length === 0) return { ...NO_STATUSES, foreign };
  const { proven, failures } = await recordOurStatuses(tx, named);
  const orphans = proven.length > 0 ? await attachOrphans(tx, proven) : NO_ORPHANS;
  await chargeAttempts(tx, named.filter(concernsCharge));
  return { named, foreign, failures: [...failures, ...orphans.failures], orphans, attemptOf };
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
function attemptFinder(attempts: NamedAttempt[]): (item: StatusItem) => NamedAttempt | undefined {
  const byName = new Map(attempts.map((attempt) => [`${attempt.messageId} ${attempt.attemptNo}`, attempt]));
  const byWamid = new Map(attempts.map((attempt) => [attempt.wamid, attempt]));
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
  const accounts = items.flatMap(({ item }) => (item.kind === 'other' && item.wabaId !== null ? [item.wabaId] : []));
  const wabaOf = new Map(
    (named.length === 0 ? [] : await knownSenders(tx, [...new Set(named)])).map((sender) => [
      sender.phoneNumberId,
      sender.wabaId,
    ]),
  );
  const known = new Set(accounts.length === 0 ? [] : await knownAccounts(tx, [...new Set(accounts)]));
  return (phoneNumberId, wabaId) =>
    phoneNumberId === null ? wabaId !== null && known.has(wabaId) : wabaOf.get(phoneNumberId) === wabaId;
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

const newsOfCall = ({ phoneNumberId, contact, startedAt }: CallHeard): ConversationNews => ({
  kind: 'heard',
  phoneNumberId,
  contact,
  at: startedAt,
  isReferral: false,
});

/** One delivery may carry a message twice; the statement wants each wamid once: as it came first. */
function distinctByWamid(messages: Arrived<InboundMessageItem>[]): Arrived<InboundMessageItem>[] {
  const lastFirst = messages.toSorted((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime()).reverse();
  return [...new Map(lastFirst.map((message) => [message.item.wamid, message])).values()].reverse();
}
