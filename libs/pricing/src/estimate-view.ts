import { describeEstimate, type Estimate } from './domain/describe-estimate.js';

/** What a message may cost, by what was known when it was accepted. Never a promise: the charge says what it did cost. */
export interface EstimateView {
  /** `rate_missing`: no rate card says. */
  mark: Estimate['mark'];
  /** Whether it is of the message or of its `windowFallback`. */
  of: Estimate['of'];
  category: string | null;
  market: string | null;
  /** Delivered on which day of the account, `2026-11-29`. */
  day: string;
  /** Micro-units of the currency; null: not known. */
  amountMicros: number | null;
  currency: string;
  /** The amount in a sentence. */
  explanation: string;
}

/** An estimate as it is shown; null when there is none, as of messages from before there were any. */
export function viewEstimate(estimate: Estimate | null): EstimateView | null {
  if (estimate === null) return null;
  const { mark, of, category, market, day, currency, rateMicros } = estimate;
  const amountMicros = mark === 'free' ? 0 : rateMicros === null ? null : Number(rateMicros);
  return { mark, of, category, market, day, amountMicros, currency, explanation: describeEstimate(estimate) };
}
