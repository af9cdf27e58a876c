import type { ReceiptOutcome } from '#graph-api';

/** How long a receipt is tried, ms: later nobody waits for the blue ticks. */
export const RECEIPT_LIFE_MS = 10 * 60_000;
/** A typing indicator is good for 25 s at Meta; one that comes late would only confuse. */
export const TYPING_LIFE_MS = 20_000;

const BASE_MS = 1_000;
const CAP_MS = 60_000;

/** What to do with a receipt after a try. */
export type ReceiptStep =
  { state: 'sent' | 'failed'; errorCode: number | null } | { state: 'pending'; delayMs: number };

/** `ageMs`: since it was asked for. `tries`: with this one. `random` in [0, 1) spreads them. */
export function decideReceipt(
  outcome: ReceiptOutcome,
  { ageMs, tries, random }: { ageMs: number; tries: number; random: number },
): ReceiptStep {
  if (outcome.kind === 'done') return { state: 'sent', errorCode: null };
  if (outcome.kind === 'refused') return { state: 'failed', errorCode: outcome.code };
  const backoffMs = Math.min(CAP_MS, BASE_MS * 2 ** (tries - 1)) * (0.5 + random / 2);
  const delayMs = Math.round(Math.max(outcome.waitMs, backoffMs));
  return ageMs + delayMs < RECEIPT_LIFE_MS
    ? { state: 'pending', delayMs }
    : { state: 'failed', errorCode: outcome.code };
}
