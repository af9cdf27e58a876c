import { type Billing, billingOf } from './charge-policy.js';
import { type Era, eraOf } from './era.js';
import { localDate, monthOf } from './local-date.js';
import { marketOf } from './market.js';
import { isTiered, type RateCategory } from './price-category.js';

/** What of a delivered message its charge depends on. */
export interface ChargeBasis {
  recipient: string;
  timezone: string;
  pricingCategory: string;
  pricingType: string | null;
  /** In lower case, as the parser gives it. */
  pricingModel: string | null;
  /** UNIX seconds of the first delivered or read. */
  chargedAt: number;
}

/** A charge before its rate is looked up. */
export interface DatedCharge {
  day: string;
  month: string;
  era: Era;
  market: string | null;
  billing: Billing;
}

/**
 * When, where and as what a message is billed: its delivery in the time zone of the WABA picks day, month and era. In the historic
 * model it is billed as if nothing else of its conversation had been delivered: `payersOf` says which one pays.
 */
export function dateCharge(basis: ChargeBasis): DatedCharge {
  const day = localDate(new Date(basis.chargedAt * 1_000), basis.timezone);
  const era = basis.pricingModel === 'cbp' ? 'cbp' : eraOf(day);
  const reported = { category: basis.pricingCategory, type: basis.pricingType, model: basis.pricingModel };
  return {
    day,
    month: monthOf(day),
    era,
    market: marketOf(basis.recipient, day),
    billing: billingOf(reported, era),
  };
}

/** The same for a message in whose conversation another one pays. */
export const inPaidConversation = (dated: DatedCharge): DatedCharge => ({
  ...dated,
  billing: { kind: 'free', because: 'in_paid_conversation' },
});

/** The column a charge is priced by; null when it has no price. */
export const ratedCategory = ({ billing }: DatedCharge): RateCategory | null =>
  billing.kind === 'rated' || billing.kind === 'conversation' ? billing.category : null;

/** Whether it counts toward the volume tiers of its month. */
export const countsForTiers = (charge: DatedCharge): boolean =>
  charge.billing.kind === 'rated' &&
  charge.era !== 'cbp' &&
  charge.market !== null &&
  isTiered(charge.billing.category);
