import type { SendOutcome } from '#graph-api';
import type { DispatchReason, MessageState } from '#messages';
import { backoffMs } from './backoff.js';

/** The most attempts that may burn, the last one included (delivery protocol §7). */
export const MAX_BURNED = 8;
/** The most requests in a row that could not even be written (§4). */
export const MAX_NOT_SENT = 50;

/** After how long a message looks for its target by itself: 24 days, about the most that an int of Postgres holds. */
export const TARGET_WAIT_MS = 24 * 86_400_000;

export type AttemptState =
  'accepted' | 'not_sent' | 'throttled' | 'rejected_retryable' | 'rejected_permanent' | 'uncertain';

/** What a message waits for that could be sent otherwise. */
export interface Standstill {
  reason: Extract<DispatchReason, 'awaits_target' | 'template_paused' | 'template_recategorised'>;
  delayMs: number;
}

/** Where a message stands when an attempt of it ends. */
export interface AttemptMoment {
  /** Attempts that burned before this one. */
  burned: number;
  /** Requests in a row, before this one, that were not written. */
  notSent: number;
  /** Why no request was made though nothing failed; null when one was, or something did. */
  standstill: Standstill | null;
  /** Whether the message has a fallback template that was not used. */
  hasUnusedFallback: boolean;
  /** Wait of the hold that a throttled outcome sets, ms; null while an operator has to lift it. */
  holdMs: number | null;
  /** In [0, 1): spreads retries. */
  random: number;
  retryBaseMs: number;
}

/** What becomes of message and attempt (T3a–T3d). `delayMs` is added to the database's clock; null unless the message is queued again. */
export interface NextStep {
  state: Extract<MessageState, 'accepted' | 'queued' | 'failed' | 'uncertain'>;
  attempt: AttemptState;
  reason: DispatchReason;
  delayMs: number | null;
  /** From now on the fallback template is what is sent. */
  usesFallback: boolean;
}

/** Code of Meta's answer to a free-form message outside the customer service window. */
export const WINDOW_CLOSED_CODE = 131047;

/**
 * What to do after an attempt. A throttled or unwritten request burns nothing. An uncertain one is never retried here: the
 * resolver settles it by evidence (delivery protocol §6).
 */
export function decideNext(outcome: SendOutcome, moment: AttemptMoment): NextStep {
  switch (outcome.kind) {
    case 'accepted':
      return end('accepted', 'accepted', 'answered');
    case 'not_sent':
      // No request was due: it burns nothing, and counts as none that failed.
      if (moment.standstill !== null) return again('throttled', moment.standstill.reason, moment.standstill.delayMs);
      return moment.notSent + 1 < MAX_NOT_SENT
        ? again('not_sent', 'not_sent', backoffMs(moment.notSent + 1, moment))
        : end('failed', 'not_sent', 'never_written');
    case 'throttled':
      return again('throttled', 'throttled', moment.holdMs ?? 0);
    case 'rejected_retryable': {
      const burned = moment.burned + 1;
      const most = Math.min(MAX_BURNED, outcome.maxAttempts ?? MAX_BURNED);
      return burned < most
        ? again(
            'rejected_retryable',
            'retry',
            Math.max(outcome.retryAfterMs ?? 0, outcome.waitMs ?? 0, backoffMs(burned, moment)),
          )
        : end('failed', 'rejected_retryable', 'attempts_exhausted');
    }
    case 'rejected_permanent':
      if (moment.hasUnusedFallback && (outcome.code === WINDOW_CLOSED_CODE || outcome.code === 'window_closed')) {
        // What we refused ourselves was not written: it burns nothing.
        const attempt = outcome.code === 'window_closed' ? 'not_sent' : 'rejected_retryable';
        return { ...again(attempt, 'window_fallback', 0), usesFallback: true };
      }
      return end('failed', 'rejected_permanent', typeof outcome.code === 'number' ? 'rejected' : outcome.code);
    case 'uncertain':
      return end('uncertain', 'uncertain', 'answer_lost');
  }
}

const end = (state: NextStep['state'], attempt: AttemptState, reason: DispatchReason): NextStep => ({
  state,
  attempt,
  reason,
  delayMs: null,
  usesFallback: false,
});
const again = (attempt: AttemptState, reason: DispatchReason, delayMs: number): NextStep => ({
  state: 'queued',
  attempt,
  reason,
  delayMs,
  usesFallback: false,
});
