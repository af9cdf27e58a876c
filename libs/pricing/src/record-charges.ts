import type { Tx } from '#persistence';
import { countsForTiers, dateCharge, type DatedCharge, inPaidConversation, ratedCategory } from './domain/charge.js';
import { payersOf } from './domain/conversation-payer.js';
import { rateAt, withoutTiers } from './domain/tiers.js';
import { leaveConversations, lockConversationCharges } from './queries/conversation-charges.query.js';
import { countTierUsage, tierKey, type TierKey, type UsageChange } from './queries/count-tier-usage.query.js';
import { findRates, type FoundRates, rateKey, type RateKey } from './queries/find-rates.query.js';
import {
  type ChargeFacts,
  lockForeign,
  readChargeFacts,
  readForeignFacts,
  type StandingCharge,
} from './queries/read-charge-facts.query.js';
import { type ChargeRow, writeCharges } from './queries/write-charges.query.js';

/** A message that Meta billed as something that nobody here knows. */
export interface UnknownPricing {
  wabaId: string;
  category: string;
  type: string | null;
}

/**
 * Charges attempts whose statuses were just recorded in the same transaction: once per wamid, in a group once per member, at the first delivered or read, as
 * the first pricing object says. Statuses that come late or twice lead to the same charge; an attempt without evidence or
 * pricing has none yet. In the historic model the first message of a conversation pays, so what comes late may take the place of
 * what paid so far: that charge is written anew, too.
 * @returns those with a type or category that is not known, for an alert
 */
export async function recordCharges(
  tx: Tx,
  attempts: readonly { messageId: string; attemptNo: number }[],
): Promise<UnknownPricing[]> {
  return attempts.length === 0 ? [] : chargeNews(tx, await readChargeFacts(tx, attempts));
}

/** The same of messages that another system sent from one of our numbers: `keep` stores their statuses. */
export async function recordForeignCharges(
  tx: Tx,
  wamids: readonly string[],
  keep: () => Promise<void>,
): Promise<UnknownPricing[]> {
  await lockForeign(tx, wamids);
  await keep();
  return chargeNews(tx, await readForeignFacts(tx, wamids));
}

/** Prices charges anew as they stand: whoever pays for a conversation goes on to. */
export async function chargeAnew(tx: Tx, facts: readonly ChargeFacts[]): Promise<void> {
  await writeDrafts(tx, facts.map(draftOf));
}

interface Draft {
  facts: ChargeFacts;
  dated: DatedCharge;
  /** Of the historic model: the conversation that it is part of, and may pay for. */
  conversationId: string | null;
}

function draftOf(facts: ChargeFacts): Draft {
  const dated = dateCharge(facts);
  return { facts, dated, conversationId: dated.billing.kind === 'conversation' ? facts.conversationId : null };
}

type RatesOf = (draft: Draft) => FoundRates | undefined;

/** Charges what is known of delivered messages, where the charge that stands says something else. */
async function chargeNews(tx: Tx, facts: readonly ChargeFacts[]): Promise<UnknownPricing[]> {
  const drafts = (await payEachConversationOnce(tx, facts.map(draftOf))).filter(isNews);
  await writeDrafts(tx, drafts);
  return drafts
    .filter(({ dated }) => dated.billing.kind === 'type_unknown')
    .map(({ facts: { wabaId, pricingCategory, pricingType } }) => ({
      wabaId,
      category: pricingCategory,
      type: pricingType,
    }));
}

async function writeDrafts(tx: Tx, drafts: readonly Draft[]): Promise<void> {
  if (drafts.length === 0) return;
  const rates = await ratesOf(tx, drafts);
  const positions = await placeInTiers(tx, drafts, rates);
  const leaving = drafts.filter(paysNoLonger).map(({ facts }) => facts.wamid);
  if (leaving.length > 0) await leaveConversations(tx, leaving);
  await writeCharges(
    tx,
    drafts.map((draft) => toRow(draft, rates(draft), positions.get(draft.facts.wamid) ?? null)),
  );
}

/**
 * Of all delivered messages of a conversation the first pays, of this batch or charged before: those that were are looked at again. No
 * statement where nothing is of the historic model.
 */
async function payEachConversationOnce(tx: Tx, news: readonly Draft[]): Promise<Draft[]> {
  const ids = news
    .flatMap(({ conversationId, facts }) => [conversationId, facts.standing?.conversationId ?? null])
    .filter((id) => id !== null);
  if (ids.length === 0) return [...news];
  const charged = new Map((await lockConversationCharges(tx, ids)).map((facts) => [facts.wamid, facts]));
  const own = news.map((draft) => ({
    ...draft,
    facts: { ...draft.facts, standing: charged.get(draft.facts.wamid)?.standing ?? draft.facts.standing },
  }));
  for (const { facts } of news) charged.delete(facts.wamid);
  const drafts = [...own, ...[...charged.values()].map(draftOf)];
  const payers = payersOf(
    drafts.flatMap(({ conversationId, facts: { wamid, chargedAt } }) =>
      conversationId === null ? [] : [{ wamid, chargedAt, conversationId }],
    ),
  );
  return drafts.map((draft) =>
    draft.conversationId === null || payers.has(draft.facts.wamid)
      ? draft
      : { ...draft, dated: inPaidConversation(draft.dated) },
  );
}

/** Whether what stands pays for a conversation that this does not pay for. */
const paysNoLonger = ({ facts: { standing }, dated: { billing }, conversationId }: Draft): boolean =>
  standing !== null &&
  standing.conversationId !== null &&
  standing.because === null &&
  (billing.kind !== 'conversation' || conversationId !== standing.conversationId);

/** Whether the charge that stands, if any, says something else. */
function isNews({ facts: { standing, ...facts }, dated: { billing }, conversationId }: Draft): boolean {
  return (
    standing === null ||
    standing.messageId !== facts.messageId ||
    Number(standing.chargedAt) !== facts.chargedAt ||
    standing.recipient !== facts.recipient ||
    standing.pricingCategory !== facts.pricingCategory ||
    standing.pricingType !== facts.pricingType ||
    standing.pricingModel !== facts.pricingModel ||
    standing.conversationId !== conversationId ||
    standing.because !== (billing.kind === 'free' ? billing.because : null)
  );
}

/** Rates of all drafts in one statement. A card without a rate for service has that of utility, without its tiers. */
async function ratesOf(tx: Tx, drafts: readonly Draft[]): Promise<RatesOf> {
  const keyOf = ({ facts: { currency }, dated }: Draft, category: string | null): RateKey[] =>
    category === null || dated.market === null ? [] : [{ currency, market: dated.market, category, day: dated.day }];
  const keysOf = (draft: Draft) => {
    const category = ratedCategory(draft.dated);
    return [...keyOf(draft, category), ...(category === 'service' ? keyOf(draft, 'utility') : [])];
  };
  const found = await findRates(tx, drafts.flatMap(keysOf));
  return (draft) => {
    const [own, instead] = keysOf(draft).map((key) => found.get(rateKey(key)));
    if (own !== undefined || instead === undefined) return own;
    return { ...instead, tiers: withoutTiers(instead.tiers) };
  };
}

/**
 * Counts the drafts toward the tiers of their month, in the order of their delivery.
 * @returns the how-manieth of its month each is, by wamid
 */
async function placeInTiers(tx: Tx, drafts: readonly Draft[], rates: RatesOf): Promise<ReadonlyMap<string, bigint>> {
  const changes = new Map<string, UsageChange>();
  const change = (key: TierKey, added: number, isDirty: boolean, cardId: string | null) => {
    const known = changes.get(tierKey(key)) ?? { ...key, added: 0, isDirty: false, cardId };
    changes.set(tierKey(key), {
      ...known,
      added: known.added + added,
      isDirty: known.isDirty || isDirty,
      cardId: known.cardId === cardId ? cardId : null,
    });
  };
  const placed: { wamid: string; key: TierKey }[] = [];
  for (const draft of drafts) {
    const { facts, dated } = draft;
    const old = facts.standing;
    const left = old !== null && old.tierPosition !== null ? leftKey(old) : null;
    const key = countsForTiers(dated) ? usageKey(facts, dated) : null;
    if (left !== null) change(left, -1, true, null);
    if (key === null) continue;
    change(key, 1, left !== null, rates(draft)?.cardId ?? null);
    placed.push({ wamid: facts.wamid, key });
  }
  const volumes = new Map(await countTierUsage(tx, [...changes.values()]));
  const positions = new Map<string, bigint>();
  for (const { wamid, key } of placed.toReversed()) {
    const volume = volumes.get(tierKey(key)) ?? 1n;
    positions.set(wamid, volume > 0n ? volume : 1n);
    volumes.set(tierKey(key), volume - 1n);
  }
  return positions;
}

const usageKey = ({ portfolioId }: ChargeFacts, dated: DatedCharge): TierKey => ({
  portfolioId,
  market: dated.market ?? '',
  category: ratedCategory(dated) ?? '',
  month: dated.month,
});

const leftKey = ({ portfolioId, market, category, month }: StandingCharge): TierKey => ({
  portfolioId,
  market: market ?? '',
  category: category ?? '',
  month,
});

function toRow(
  { facts, dated, conversationId }: Draft,
  rates: FoundRates | undefined,
  tierPosition: bigint | null,
): ChargeRow {
  const category = ratedCategory(dated);
  const rateMicros = rates === undefined ? undefined : rateAt(rates.tiers, tierPosition ?? 1n);
  const { kind } = dated.billing;
  const isPriced = rates !== undefined && rateMicros !== undefined;
  return {
    ...facts,
    ...dated,
    conversationId,
    category,
    mark: category === null ? (kind === 'free' ? 'free' : 'type_unknown') : isPriced ? 'rated' : 'rate_missing',
    because: dated.billing.kind === 'free' ? dated.billing.because : null,
    tierPosition,
    cardId: category !== null && isPriced ? rates.cardId : null,
    rateMicros: category !== null && isPriced ? rateMicros : null,
  };
}
