import { type ContactChange, lockIdentities } from '#contacts';
import type { Tx } from '#persistence';
import { type Concerned, concernedContacts, formsOf } from './concerned-contacts.js';
import type { Conversation, StoredConversation } from './domain/conversation.js';
import { concernsEntry, type ConversationNews } from './domain/conversation-news.js';
import { freeEntryPoints } from './domain/free-entry-points.js';
import { deliveredFacts, endAtEntryPoints, type NamedFact, namedConversations } from './domain/meta-conversations.js';
import { planChanges } from './domain/plan-changes.js';
import { serviceConversations } from './domain/service-conversations.js';
import { WINDOW_MS } from './domain/window-state.js';
import { handOver } from './hand-over.js';
import {
  type EntryFact,
  readEntryFacts,
  readHeard,
  readReferred,
  readStatuses,
} from './queries/read-conversation-facts.query.js';
import {
  type AnswerLock,
  lockAnswers,
  lockContacts,
  readConversations,
  readEntryPoints,
  readRenamed,
} from './queries/read-conversations.query.js';
import { type ChangesOf, storeChanges } from './store-changes.js';

/**
 * Brings the conversations of contacts to what follows from all facts, in the transaction that stored the news: what comes late,
 * twice or in another order leads to the same rows. A few statements a batch, however many contacts it is about. Clients are told of
 * each that opened, or whose end moved on: once a batch, so `extended` may stand for several messages.
 * @param changes of contacts in the same transaction: what stands under identifiers and ids that are theirs now becomes theirs
 */
export async function followConversations(
  tx: Tx,
  told: readonly ConversationNews[],
  changes: readonly ContactChange[] = [],
): Promise<void> {
  await lockIdentities(
    tx,
    told.map(({ phoneNumberId }) => phoneNumberId),
  );
  const news = [...told, ...(await newsOfChanges(tx, changes))];
  if (news.length === 0) return;
  const contacts = await concernedContacts(tx, news, changes);
  await lockAnswers(tx, contacts.flatMap(answerLock));
  const concerned = await withoutIdle(tx, contacts);
  if (concerned.length === 0) return;
  await lockContacts(tx, concerned);
  const named = await namedFacts(tx, concerned);
  const metaIds = [...named.values()].flat().map(({ metaId }) => metaId);
  for (const contact of concerned) contact.since = earliest(contact.since, named.get(contact.n) ?? []);
  const knownOf = new Map(concerned.map(({ n, known }) => [n, known]));
  for (const { n, ...row } of await readConversations(tx, concerned, metaIds)) knownOf.get(n)?.push(row);
  await handOver(tx, concerned);
  await storeChanges(tx, [...(await serviceChanges(tx, concerned)), ...(await otherChanges(tx, concerned, named))]);
}

/** A status may come long after the delivery that it tells more of. */
const earliest = (since: Date, facts: readonly NamedFact[]): Date =>
  new Date(Math.min(since.getTime(), ...facts.map(({ at }) => at.getTime())));

/** What Meta names, by contact: free entry points in the news themselves, conversations of the historic model in what is stored of their messages. */
async function namedFacts(tx: Tx, contacts: readonly Concerned[]): Promise<ReadonlyMap<number, NamedFact[]>> {
  const statuses = groupByN(
    await readStatuses(
      tx,
      contacts.flatMap(({ n, news }) =>
        [...new Set(news.flatMap((each) => (each.kind === 'historic' ? [each.wamid] : [])))].map((wamid) => ({
          n,
          wamid,
        })),
      ),
    ),
  );
  return new Map(
    contacts.map(({ n, news }) => [
      n,
      [...news.filter((each) => each.kind === 'named'), ...deliveredFacts(statuses(n))],
    ]),
  );
}

/**
 * Whatever stands under the former names of contacts that changed is looked at again: by each of those who have, or had, an identifier
 * in common, since it may be another's now.
 */
async function newsOfChanges(tx: Tx, changes: readonly ContactChange[]): Promise<ConversationNews[]> {
  const sharing = Map.groupBy(
    changes.flatMap((change, n) =>
      change.identifiers.flatMap(({ kind, value }) =>
        kind === 'username' ? [] : [{ n, name: `${change.portfolioId} ${value}` }],
      ),
    ),
    ({ name }) => name,
  );
  const renamed = changes.flatMap(({ portfolioId, identifiers, formerly }, n) => {
    const others = identifiers.flatMap(({ value }) => sharing.get(`${portfolioId} ${value}`) ?? []);
    const keys = new Set([...formerly, ...others.flatMap((other) => changes[other.n]?.formerly ?? [])]);
    return [...keys].map((key) => ({ n, portfolioId, key }));
  });
  if (renamed.length === 0) return [];
  return (await readRenamed(tx, renamed)).flatMap(({ n, phoneNumberId, since: at }): ConversationNews[] => {
    const change = changes[n];
    return change === undefined ? [] : [{ kind: 'identified', phoneNumberId, contact: change.contactId, at }];
  });
}

/** All windows from the earliest news on; one that goes on undisturbed is not read anew. */
async function serviceChanges(tx: Tx, all: readonly Concerned[]): Promise<ChangesOf[]> {
  const contacts = all
    .filter(({ news }) => news.some(({ kind }) => kind === 'heard' || kind === 'identified'))
    .map((contact) => {
      const known = contact.known.filter(({ kind }) => kind === 'service');
      const current = known.find(({ openedAt }) => openedAt <= contact.since) ?? null;
      const goesOn = current !== null && current.lastHeardAt < contact.since;
      const since = current === null || goesOn ? contact.since : current.openedAt;
      return { contact, known, before: goesOn ? current : null, since };
    });
  if (contacts.length === 0) return [];
  const heard = groupByN(
    await readHeard(
      tx,
      contacts.flatMap(({ contact, since }) => formsOf(contact, since)),
    ),
  );
  return contacts.map(({ contact, known, before }) => ({
    contact,
    ...planChanges(known, serviceConversations(before === null ? null : plain(before), heard(contact.n)), contact.key),
  }));
}

/** Free entry points, and what Meta names. */
async function otherChanges(
  tx: Tx,
  all: readonly Concerned[],
  namedOf: ReadonlyMap<number, NamedFact[]>,
): Promise<ChangesOf[]> {
  const contacts = all.filter(({ news }) => news.some(concernsEntry));
  if (contacts.length === 0) return [];
  const starts = new Map(contacts.map((contact) => [contact.n, entryStart(contact)]));
  const facts = groupByN(
    await readEntryFacts(
      tx,
      contacts.flatMap((contact) => formsOf(contact, new Date(starts.get(contact.n)! - WINDOW_MS))),
    ),
  );
  const wanted = contacts.map((contact) => {
    const known = contact.known.filter(({ kind }) => kind !== 'service');
    const named = namedConversations(known.map(plain), namedOf.get(contact.n) ?? []);
    const namedEntries = named.filter(({ kind }) => kind === 'free_entry_point');
    const entries = freeEntryPoints(entryFacts(facts(contact.n)), namedEntries, new Date(starts.get(contact.n)!));
    return { contact, known, named, namedEntries, entries };
  });
  const withHistoric = wanted.filter(({ named }) => named.some(({ kind }) => kind === 'cbp'));
  const storedEntries = await entriesBefore(
    tx,
    withHistoric.map(({ contact }) => contact),
    all,
  );
  return wanted.map(({ contact, known, named, namedEntries, entries }) => {
    const ended = endAtEntryPoints(named, [...namedEntries, ...storedEntries(contact.n)]);
    return { contact, ...planChanges(known, [...ended, ...entries], contact.key) };
  });
}

/** Free entry points that ended before the news, but may have ended conversations that these are about. No statement where nothing is of the historic model. */
async function entriesBefore(
  tx: Tx,
  contacts: readonly Concerned[],
  all: readonly Concerned[],
): Promise<(n: number) => Span[]> {
  if (contacts.length === 0) return () => [];
  const knownIds = new Set(all.flatMap(({ known }) => known.map(({ id }) => id)));
  return groupByN((await readEntryPoints(tx, contacts)).filter(({ id }) => !knownIds.has(id)));
}

type Span = Pick<Conversation, 'openedAt' | 'expiresAt'>;

const entryFacts = (facts: readonly EntryFact[]) => ({
  referrals: facts.filter(({ isReferral }) => isReferral).map(({ at }) => at),
  answers: facts.filter(({ isReferral }) => !isReferral),
});

/** From when on free entry points are computed anew: nothing that is open then began earlier. */
const entryStart = ({ since, known }: Concerned) =>
  Math.min(
    since.getTime(),
    ...known
      .filter(({ kind, expiresAt }) => kind === 'free_entry_point' && expiresAt > since)
      .map(({ openedAt }) => openedAt.getTime()),
  );

/** What may make a free entry point: an answer, or a referral to be answered. */
function answerLock({ phoneNumberId, key, news }: Concerned): AnswerLock[] {
  if (!news.some(concernsEntry)) return [];
  return [{ phoneNumberId, key, isReferral: news.some((each) => each.kind === 'heard' && each.isReferral) }];
}

/** Without contacts that we only wrote to, and who came through no ad: almost all statuses are about them. */
async function withoutIdle(tx: Tx, contacts: readonly Concerned[]): Promise<Concerned[]> {
  const unsure = contacts.filter((contact) => contact.news.some(({ kind }) => kind === 'answered'));
  if (unsure.length === 0) return [...contacts];
  const referred = new Set(
    await readReferred(
      tx,
      unsure.flatMap((contact) => formsOf(contact, new Date(contact.since.getTime() - WINDOW_MS))),
    ),
  );
  return contacts
    .map((contact) =>
      referred.has(contact.n) ? contact : { ...contact, news: contact.news.filter(({ kind }) => kind !== 'answered') },
    )
    .filter(({ news }) => news.length > 0);
}

function groupByN<Row extends { n: number }>(rows: readonly Row[]): (n: number) => Row[] {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.n);
    if (group === undefined) groups.set(row.n, [row]);
    else group.push(row);
  }
  return (n) => groups.get(n) ?? [];
}

/** A stored one, as what follows from facts. */
const plain = ({ id: _id, contactKey: _key, ...conversation }: StoredConversation): Conversation => conversation;
