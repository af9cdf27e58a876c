import { describeBilling } from './domain/describe-billing.js';
import type { ChargeMark } from './queries/write-charges.query.js';

/** A charge as the reads of messages give it; the two amounts are texts of whole micro-units. */
export interface ReadCharge {
  /** Of a message to a group with a space and the member. */
  wamid: string;
  mark: ChargeMark;
  because: string | null;
  category: string | null;
  market: string | null;
  pricingCategory: string;
  pricingType: string | null;
  era: string;
  chargedAt: string;
  day: string;
  tierPosition: string | null;
  cardFrom: string | null;
  isOfficial: boolean | null;
  currency: string;
  rateMicros: string | null;
  amountMicros: string;
}

/** What one delivered message was billed as, and why. Amounts in micro-units of the currency. */
export interface ChargeView {
  wamid: string;
  /** Of a message to a group: for which member of it. */
  member: string | null;
  mark: ChargeMark;
  /** The column of the rate card; null where none applies. */
  category: string | null;
  market: string | null;
  /** As Meta reported it. */
  pricingCategory: string;
  pricingType: string | null;
  chargedAt: Date;
  amountMicros: number;
  currency: string;
  /** The amount in a sentence. */
  explanation: string;
}

/** What a message cost: its charges, of which there is more than one only when Meta took it more than once, or when it went to a group. */
export interface CostView {
  amountMicros: number;
  currency: string;
  charges: ChargeView[];
}

/** The cost of a message; null while Meta has said nothing that is billed. */
export function viewCost(charges: readonly ReadCharge[] | null): CostView | null {
  const [first] = charges ?? [];
  if (charges === null || first === undefined) return null;
  const views = charges.map(viewCharge);
  return {
    amountMicros: views.reduce((total, { amountMicros }) => total + amountMicros, 0),
    currency: first.currency,
    charges: views,
  };
}

function viewCharge(charge: ReadCharge): ChargeView {
  const [wamid = '', member = null] = charge.wamid.split(' ');
  return {
    ...{ wamid, member },
    mark: charge.mark,
    category: charge.category,
    market: charge.market,
    pricingCategory: charge.pricingCategory,
    pricingType: charge.pricingType,
    chargedAt: new Date(charge.chargedAt),
    amountMicros: Number(charge.amountMicros),
    currency: charge.currency,
    explanation: describeBilling(charge),
  };
}
