import type { Era } from './era.js';
import { type RateCategory, rateCategoryOf } from './price-category.js';

/** What Meta says a message was billed as, from the first pricing object of its statuses. */
export interface ReportedPricing {
  /** Lower case, `_` for `-`. */
  category: string;
  /** Missing before 2025-07. */
  type: string | null;
  model: string | null;
}

/**
 * How a delivered message is billed: `free` and why, at a rate of the card, or `type_unknown`, when Meta uses a word that
 * nobody here knows: then it is counted, at nothing, and an operator is told.
 */
export type Billing =
  | { kind: 'free'; because: string }
  | { kind: 'rated'; category: RateCategory }
  /** The historic model: the conversation is paid, by the first of its messages. */
  | { kind: 'conversation'; category: RateCategory }
  | { kind: 'type_unknown' };

/**
 * How Meta bills a message of that pricing, delivered in that era. Any `free_*` type costs nothing, also one that is new.
 * Source: Meta's pricing pages, 2026-09 edition; conversations: the edition before 2025-07.
 */
export function billingOf({ category, type }: ReportedPricing, era: Era): Billing {
  if (type?.startsWith('free_')) return { kind: 'free', because: type };
  if (era !== 'cbp' && type !== null && type !== 'regular') return { kind: 'type_unknown' };
  if (category === 'referral_conversion') return { kind: 'free', because: 'free_entry_point' };
  const rate = rateCategoryOf(category);
  if (rate === null) return { kind: 'type_unknown' };
  if (era === 'cbp')
    return rate === 'service' ? { kind: 'free', because: 'free_service' } : { kind: 'conversation', category: rate };
  return { kind: 'rated', category: rate };
}

/** What is known of a message before it is sent. */
export interface EstimateFacts {
  /** Of the template; null for a message that is none. */
  templateCategory: RateCategory | null;
  window: 'open' | 'closed' | 'unknown';
  isFreeEntryPoint: boolean;
}

/** How a message that is accepted now would be billed if it were delivered now; a window that is not known counts as closed. */
export function expectedBilling({ templateCategory, window, isFreeEntryPoint }: EstimateFacts, era: Era): Billing {
  if (isFreeEntryPoint) return { kind: 'free', because: 'free_entry_point' };
  if (templateCategory === null)
    return era === 'pmp_2'
      ? { kind: 'rated', category: 'service' }
      : { kind: 'free', because: 'free_customer_service' };
  if (templateCategory === 'utility' && window === 'open' && era === 'pmp_1')
    return { kind: 'free', because: 'free_customer_service' };
  return { kind: era === 'cbp' ? 'conversation' : 'rated', category: templateCategory };
}
