import type { EntryPointWindow } from './service-windows.js';

/** Which rules decide what is free: `pmp1` from 2025-07-01, `pmp2` from 2026-10-01. */
export type PricingEra = 'pmp1' | 'pmp2';

export type Category = 'marketing' | 'marketing_lite' | 'utility' | 'authentication' | 'service';

/** What the `pricing` and `conversation` objects of a message will say. */
export interface Charge {
  type: 'regular' | 'free_customer_service' | 'free_entry_point';
  category: string;
  /** `conversation.origin.type`. */
  origin: string;
  entryPoint: EntryPointWindow | null;
}

const CHARGED_SERVICE_FROM = Date.UTC(2026, 9, 1);

/** The era of an instant (ms); a configured era wins over the date. */
export function eraAt(now: number, configured: string): PricingEra {
  if (configured === 'pmp1' || configured === 'pmp2') return configured;
  return now < CHARGED_SERVICE_FROM ? 'pmp1' : 'pmp2';
}

/** How a message is charged by its category, the window it is sent in and the era. */
export function chargeFor(message: {
  category: Category;
  isGroup: boolean;
  isWindowOpen: boolean;
  entryPoint: EntryPointWindow | null;
  era: PricingEra;
}): Charge {
  const { category, entryPoint } = message;
  if (entryPoint !== null) {
    return { type: 'free_entry_point', category: 'referral_conversion', origin: 'referral_conversion', entryPoint };
  }
  const isFreeInWindow = message.era === 'pmp1' && (category === 'service' || category === 'utility');
  const type = isFreeInWindow && message.isWindowOpen ? 'free_customer_service' : 'regular';
  return { type, category: message.isGroup ? `group_${category}` : category, origin: category, entryPoint: null };
}
