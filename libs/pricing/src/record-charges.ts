import type { Tx } from '#persistence';
import { countsForTiers, dateCharge, type DatedCharge, ratedCategory } from './domain/charge.js';
import { rateAt, withoutTiers } from './domain/tiers.js';
import { countTierUsage, tierKey, type TierKey, type UsageChange } from './queries/count-tier-usage.query.js';
import { findRates, type FoundRates, rateKey, type RateKey } from './queries/find-rates.query.js';
import { type ChargeFacts, lockForeign, readChargeFacts, readForeignFacts } from './queries/read-charge-facts.query.js';
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
 * pricing has none yet.
 * @returns those with a type or category that is not known, for an alert
 */
export async function recordCharges(
  tx: Tx,
  attempts: readonly { messageId: string; attemptNo: number }[],
): Promise<UnknownPricing[]> {
  return attempts.length === 0 ? [] : charge(tx, await readChargeFacts(tx, attempts));
}

/** The same of messages that another system sent from one of our numbers: `keep` stores their statuses. */
export async function recordForeignCharges(
  tx: Tx,
  wamids: readonly string[],
  keep: () => Promise<void>,
): Promise<UnknownPricing[]> {
  await lockForeign(tx, wamids);
  await keep();
  return charge(tx, await readForeignFacts(tx, wamids));
}

interface Draft {
  facts: ChargeFacts;
  dated: DatedCharge;
}

type RatesOf = (draft: Draft) => FoundRates | undefined;

/** Charges what is known of delivered messages, where the charge that stands says something else. */
export async function charge(tx: Tx, facts: readonly ChargeFacts[]): Promise<UnknownPricing[]> {
  const drafts = payEachConversationOnce(facts.map((each) => ({ facts: each, dated: dateCharge(each) }))).filter(
    isNews,
  );
  if (drafts.length === 0) return [];
  const rates = await ratesOf(tx, drafts);
  const positions = await placeInTiers(tx, drafts, rates);
  await writeCharges(
    tx,
    drafts.map((draft) => toRow(draft, rates(draft), positions.get(draft.facts.wamid) ?? null)),
  );
  return drafts
    .filter(({ dated }) => dated.billing.kind === 'type_unknown')
    .map(({ facts: { wabaId, pricingCategory, pricingType } }) => ({
      wabaId,
      category: pricingCategory,
      type: pricingType,
    }));
}

/** Of several messages of one conversation in a batch the first pays. */
function payEachConversationOnce(drafts: Draft[]): Draft[] {
  const paid = new Set<string>();
  return drafts.map((draft) => {
    const { conversationId } = draft.facts;
    if (draft.dated.billing.kind !== 'conversation' || conversationId === null) return draft;
    if (!paid.has(conversationId)) {
      paid.add(conversationId);
      return draft;
    }
    return { ...draft, dated: { ...draft.dated, billing: { kind: 'free', because: 'in_paid_conversation' } } };
  });
}

/** Whether the charge that stands, if any, says something else. */
function isNews({ facts: { standing, ...facts } }: Draft): boolean {
  return (
    standing === null ||
    standing.messageId !== facts.messageId ||
    Number(standing.chargedAt) !== facts.chargedAt ||
    standing.pricingCategory !== facts.pricingCategory ||
    standing.pricingType !== facts.pricingType
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
    const left = old !== null && old.tierPosition !== null ? leftKey(facts, old) : null;
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

const leftKey = ({ portfolioId }: ChargeFacts, old: NonNullable<ChargeFacts['standing']>): TierKey => ({
  portfolioId,
  market: old.market ?? '',
  category: old.category ?? '',
  month: old.month,
});

function toRow({ facts, dated }: Draft, rates: FoundRates | undefined, tierPosition: bigint | null): ChargeRow {
  const category = ratedCategory(dated);
  const rateMicros = rates === undefined ? undefined : rateAt(rates.tiers, tierPosition ?? 1n);
  const { kind } = dated.billing;
  const isPriced = rates !== undefined && rateMicros !== undefined;
  return {
    ...facts,
    ...dated,
    conversationId: kind === 'conversation' ? facts.conversationId : null,
    category,
    mark: category === null ? (kind === 'free' ? 'free' : 'type_unknown') : isPriced ? 'rated' : 'rate_missing',
    because: dated.billing.kind === 'free' ? dated.billing.because : null,
    tierPosition,
    cardId: category !== null && isPriced ? rates.cardId : null,
    rateMicros: category !== null && isPriced ? rateMicros : null,
  };
}
