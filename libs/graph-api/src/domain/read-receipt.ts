import type { MetaMessage } from './message-types.js';
import { classifySendResult, type SendObservation } from './send-outcome.js';

/** What became of a read receipt. It may be sent again without harm, so whatever is not certain is `retry`. */
export type ReceiptOutcome =
  { kind: 'done' } | { kind: 'retry'; code: number | null; waitMs: number } | { kind: 'refused'; code: number | null };

/** The body that marks a message of a contact, and all before it, as read (sending.md §2.9). */
export function buildReadReceipt(wamid: string, { typing }: { typing: boolean }): MetaMessage {
  return {
    messaging_product: 'whatsapp',
    status: 'read',
    message_id: wamid,
    ...(typing ? { typing_indicator: { type: 'text' } } : {}),
  };
}

/** Any 2xx is done: a receipt that Meta has taken is of no further interest. */
export function classifyReceipt(observation: SendObservation): ReceiptOutcome {
  const outcome = classifySendResult(observation);
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'done' };
    case 'uncertain':
      return outcome.http2xx ? { kind: 'done' } : { kind: 'retry', code: null, waitMs: 0 };
    case 'not_sent':
      return { kind: 'retry', code: null, waitMs: 0 };
    case 'throttled':
    case 'rejected_retryable':
      return { kind: 'retry', code: outcome.code, waitMs: outcome.retryAfterMs ?? 0 };
    case 'rejected_permanent':
      return { kind: 'refused', code: typeof outcome.code === 'number' ? outcome.code : null };
  }
}
