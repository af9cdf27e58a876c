import type { ErrorScope, SendOutcome } from '#graph-api';

type Throttled = Extract<SendOutcome, { kind: 'throttled' }>;

/** What a hold acts on; `message` holds nothing but the one message. */
export const HOLD_SCOPES = [
  'app',
  'access_token',
  'portfolio',
  'waba',
  'sender',
  'pair',
  'template',
  'contact_marketing',
] as const;
export type HoldScope = (typeof HOLD_SCOPES)[number];

/** Whom a send touches, by Meta's ids. */
export interface SendPlace {
  appId: string;
  accessTokenId: string;
  portfolioId: string;
  wabaId: string;
  phoneNumberId: string;
  recipient: string;
  /** Name and language, `order_shipped:en_US`; null for what is no template. */
  templateKey: string | null;
}

/** The hold row of a scope as it stands: `untilMs` from now, null = until lifted. */
export interface StandingHold {
  step: number;
  remainingMs: number | null;
}

/** A hold to set. `waitMs` null = until an operator lifts it. */
export interface HoldToSet {
  step: number;
  waitMs: number | null;
}

const LANE_CAP_MS = 5 * 60_000;
const PAIR_CAP_MS = 10 * 60_000;
const PAIR_LEAST_MS = 6_000;
/** A hold that ended this long ago is forgotten: the next one starts from the first step. */
export const FORGET_AFTER_MS = 5 * 60_000;
/** Released messages come back over this share of the wait, at least a second, not all at once. */
const SPREAD_SHARE = 0.25;

/** Scope and id of what a throttled answer holds back; null when it holds nothing but its own message. */
export function holdTarget(scope: ErrorScope, place: SendPlace): { scope: HoldScope; scopeId: string } | null {
  switch (scope) {
    case 'app':
      return { scope, scopeId: place.appId };
    case 'access_token':
      return { scope, scopeId: place.accessTokenId };
    case 'portfolio':
      return { scope, scopeId: place.portfolioId };
    case 'waba':
      return { scope, scopeId: place.wabaId };
    case 'sender':
      return { scope, scopeId: place.phoneNumberId };
    case 'pair':
    case 'recipient':
      return { scope: 'pair', scopeId: pairId(place) };
    case 'template':
      return place.templateKey === null ? null : { scope, scopeId: `${place.wabaId}:${place.templateKey}` };
    case 'message':
      return null;
  }
}

/** Name of a pair: one sender, one contact. */
export const pairId = ({ phoneNumberId, recipient }: Pick<SendPlace, 'phoneNumberId' | 'recipient'>) =>
  `${phoneNumberId}:${recipient}`;

/**
 * The hold that a throttled answer sets (delivery protocol §7). While one stands, further answers of the same burst do not
 * make it longer than they ask for: two hundred requests in flight are one sign, not two hundred.
 */
export function planHold(
  outcome: Pick<Throttled, 'action' | 'retryAfterMs' | 'waitMs'>,
  target: HoldScope,
  standing: StandingHold | null,
  random: number,
): HoldToSet {
  if (outcome.action === 'PAUSE') return { step: standing?.step ?? 0, waitMs: null };
  const isStanding = standing !== null && (standing.remainingMs === null || standing.remainingMs > 0);
  if (isStanding) {
    return {
      step: standing.step,
      waitMs: standing.remainingMs === null ? null : Math.max(standing.remainingMs, outcome.retryAfterMs ?? 0),
    };
  }
  const isForgotten = standing === null || (standing.remainingMs ?? 0) < -FORGET_AFTER_MS;
  const step = isForgotten ? 0 : standing.step + 1;
  const own = target === 'pair' ? pairWaitMs(step) : laneWaitMs(step, random);
  return { step, waitMs: Math.max(own, outcome.retryAfterMs ?? 0, outcome.waitMs ?? 0) };
}

/**
 * What errors that came together make of one hold: each plans as if those before it had set theirs.
 * @returns a plan for each, and what to set in the end: the longest wait, for the last of them that sets one; null when it is paused already
 */
export function planHolds<Cause extends Parameters<typeof planHold>[0]>(
  causes: readonly Cause[],
  target: HoldScope,
  before: StandingHold | null,
  random: number,
): { plans: HoldToSet[]; toSet: { hold: HoldToSet; cause: Cause } | null } {
  let standing = before;
  let toSet: { hold: HoldToSet; cause: Cause } | null = null;
  const plans = causes.map((cause) => {
    const plan = planHold(cause, target, standing, random);
    if (cause.action === 'RATE' && plan.waitMs === null) return plan; // paused already: that is the reason to show
    const hold = {
      step: plan.step,
      waitMs: standing === null ? plan.waitMs : longer(standing.remainingMs, plan.waitMs),
    };
    standing = { step: hold.step, remainingMs: hold.waitMs };
    toSet = { hold, cause };
    return plan;
  });
  return { plans, toSet };
}

/** Null is without an end. */
const longer = (one: number | null, other: number | null) =>
  one === null || other === null ? null : Math.max(one, other);

const laneWaitMs = (step: number, random: number) =>
  Math.min(LANE_CAP_MS, Math.round((1_000 + random * 4_000) * 2 ** step));
const pairWaitMs = (step: number) => Math.min(PAIR_CAP_MS, Math.max(PAIR_LEAST_MS, 4 ** step * 1_000));

/** When a held message becomes due, ms from now: at the end of its hold, spread a little. */
export const releaseMs = (waitMs: number, random: number) =>
  Math.round(waitMs + random * Math.max(1_000, waitMs * SPREAD_SHARE));

const HOUR_MS = 60 * 60_000;
/** How long a contact gets no more marketing after Meta held some back (131049): once, again, and from then on. */
const MARKETING_WAITS_MS = [24 * HOUR_MS, 48 * HOUR_MS, 72 * HOUR_MS];
/** A marketing hold that ended so long ago is forgotten. */
const FORGET_MARKETING_AFTER_MS = 30 * 24 * HOUR_MS;

/** The marketing hold that a 131049 sets. While one stands, further ones come of messages already on their way, and change nothing. */
export function planMarketingHold(standing: StandingHold | null): HoldToSet {
  if (standing !== null && (standing.remainingMs === null || standing.remainingMs > 0))
    return { step: standing.step, waitMs: standing.remainingMs };
  const isForgotten = standing === null || (standing.remainingMs ?? 0) < -FORGET_MARKETING_AFTER_MS;
  const step = isForgotten ? 0 : Math.min(standing.step + 1, MARKETING_WAITS_MS.length - 1);
  return { step, waitMs: MARKETING_WAITS_MS[step] ?? 0 };
}
