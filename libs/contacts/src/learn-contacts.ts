import { newId, type Tx } from '#persistence';
import { isToldEarlier, mergeFacts } from './domain/identity-fact.js';
import { planContacts } from './domain/plan-contacts.js';
import { resolveContacts } from './domain/resolve-contacts.js';
import {
  keepFacts,
  type KnownFact,
  lockIdentities,
  type PortfolioFact,
  readAllFacts,
  readFactsAround,
  readKnownFacts,
  type SenderFact,
  touchFacts,
} from './queries/contact-facts.query.js';
import { type ContactToWrite, readStored, writeContacts } from './queries/contacts.query.js';

/** A contact that became known, was found to be another, or fell apart. */
export type ContactChange = Pick<
  ContactToWrite,
  'portfolioId' | 'contactId' | 'key' | 'identifiers' | 'formerly' | 'takes'
>;

/**
 * Learns who is who, and brings contacts and their identifiers to what follows from all that was ever told:
 * whatever comes late, twice or in another order leads to the same. One statement a batch that tells nothing new; a few more otherwise.
 * @param senders of the transaction, whose identities stay as they are until it ends if anything is told anew
 * @returns contacts that changed, for whoever keeps something under their identifiers
 */
export async function learnContacts(
  tx: Tx,
  told: readonly SenderFact[],
  senders: readonly string[] = told.map(({ phoneNumberId }) => phoneNumberId),
): Promise<ContactChange[]> {
  const facts = onceEach(told);
  if (facts.length === 0) return [];
  const compared = compare(facts, await readKnownFacts(tx, facts));
  const news = compared.filter(({ isNews }) => isNews).map(({ fact }) => fact);
  const shown = compared.filter(({ isNews, isShown }) => !isNews && isShown).map(({ fact }) => fact);
  if (news.length + shown.length === 0) return [];
  const portfolios = [...new Set(news.map(({ portfolioId }) => portfolioId))];
  await lockIdentities(tx, [...senders, ...facts.map(({ phoneNumberId }) => phoneNumberId)], portfolios);
  if (shown.length > 0) await touchFacts(tx, onceEachOf(shown));
  if (news.length === 0) return [];
  await keepFacts(tx, onceEachOf(news));
  const contacts = await changedContacts(tx, news);
  if (contacts.length === 0) return [];
  await writeContacts(tx, contacts);
  return contacts;
}

/** Brings contacts to what follows from the facts that are stored, where none have been made of them yet. */
export async function deriveContacts(tx: Tx): Promise<void> {
  const facts = await readAllFacts(tx);
  if (facts.length > 0) await writeContacts(tx, await changedContacts(tx, facts));
}

async function changedContacts(tx: Tx, news: readonly PortfolioFact[]): Promise<ContactToWrite[]> {
  const around = await readFactsAround(tx, news);
  const values = new Map(
    around.flatMap(({ portfolioId, a, b }) =>
      [a, b].flatMap((id) => (id === null ? [] : [[`${portfolioId} ${id.value}`, { portfolioId, value: id.value }]])),
    ),
  );
  const stored = await readStored(tx, [...values.values()]);
  return [...Map.groupBy(around, ({ portfolioId }) => portfolioId)].flatMap(([portfolioId, facts]) =>
    planContacts(
      resolveContacts(facts),
      stored.filter((row) => row.portfolioId === portfolioId),
      newId,
    ).map((contact) => ({ portfolioId, ...contact })),
  );
}

interface Compared {
  fact: PortfolioFact & { phoneNumberId: string };
  isNews: boolean;
  isShown: boolean;
}

/** Facts of senders that are not ours are left out. */
function compare(facts: readonly SenderFact[], known: readonly KnownFact[]): Compared[] {
  return known.flatMap(({ n, portfolioId, firstAt, lastAt, inboxId, isShared }) => {
    const fact = facts[n];
    if (fact === undefined) return [];
    // Whose number was shown follows from all that is known of it.
    const isNews = firstAt === null || isToldEarlier(fact, { firstAt, inboxId }) || isShared;
    return [{ fact: { ...fact, portfolioId }, isNews, isShown: lastAt !== null && fact.lastAt > lastAt }];
  });
}

/** What is told to one sender several times counts as told once. */
function onceEach(told: readonly SenderFact[]): SenderFact[] {
  return [...Map.groupBy(told, ({ phoneNumberId }) => phoneNumberId)].flatMap(([phoneNumberId, facts]) =>
    mergeFacts(facts).map((fact) => ({ ...fact, phoneNumberId })),
  );
}

/** The same of a portfolio, whose senders may all be told of one person. */
function onceEachOf(facts: readonly PortfolioFact[]): PortfolioFact[] {
  return [...Map.groupBy(facts, ({ portfolioId }) => portfolioId)].flatMap(([portfolioId, all]) =>
    mergeFacts(all).map((fact) => ({ ...fact, portfolioId })),
  );
}
