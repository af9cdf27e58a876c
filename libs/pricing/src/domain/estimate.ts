import { expectedBilling } from './charge-policy.js';
import type { DatedCharge } from './charge.js';
import { eraOf } from './era.js';
import { localDate, monthOf } from './local-date.js';
import { marketOf } from './market.js';

/** A category that a template can have. */
export type TemplatePrice = 'marketing' | 'utility' | 'authentication';

/** What is known, before it is sent, of what a message may cost. */
export interface EstimateBasis {
  recipient: string;
  /** Of the WABA. */
  timezone: string;
  /** Of its template; null for a free-form message. */
  category: TemplatePrice | null;
  /** Of the template that goes out instead of a free-form message when the window is closed; null for none. */
  fallbackCategory: TemplatePrice | null;
  /** `trust_meta`: a free-form message is sent whatever the window. */
  windowPolicy: string;
  /** The customer service window when the message is to be sent. */
  window: 'open' | 'closed' | 'unknown';
  isFreeEntryPoint: boolean;
  /** When it is to be sent: the sooner it is delivered, the truer. */
  sendAt: Date;
}

/** A message as it would be billed. `of`: which of its two contents goes out; `isSent` false: neither does, the window being closed. */
export interface ExpectedCharge extends DatedCharge {
  of: 'message' | 'fallback';
  isSent: boolean;
}

/**
 * How a message that is accepted would be billed if it were delivered when it is to be sent. A free-form message that meets a
 * closed window is its fallback, or nothing; a window that is not known is left to Meta, which lets it through or refuses it.
 */
export function expectCharge(basis: EstimateBasis): ExpectedCharge {
  const day = localDate(basis.sendAt, basis.timezone);
  const era = eraOf(day);
  const isStopped = basis.category === null && basis.window === 'closed' && basis.windowPolicy === 'enforce';
  const of = isStopped && basis.fallbackCategory !== null ? 'fallback' : 'message';
  const isSent = !isStopped || of === 'fallback';
  const templateCategory = of === 'fallback' ? basis.fallbackCategory : basis.category;
  const { window, isFreeEntryPoint } = basis;
  return {
    day,
    month: monthOf(day),
    era,
    market: marketOf(basis.recipient, day),
    of,
    isSent,
    billing: isSent
      ? expectedBilling({ templateCategory, window, isFreeEntryPoint }, era)
      : { kind: 'free', because: 'window_closed' },
  };
}
