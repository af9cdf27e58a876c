import type { DeliveryPolicy, DispatchReason } from '#messages';
import { backoffMs } from './backoff.js';
import { MAX_BURNED } from './decide-next.js';

/** An uncertain attempt whose grace is over, with the channel caught up and no evidence (delivery protocol §6). */
export interface UnprovenAttempt {
  policy: DeliveryPolicy;
  /** A 2xx line came: Graph took it, though no id did. */
  http2xx: boolean;
  burned: number;
  isExpired: boolean;
}

/** T6 or T7. `delayMs` is null unless the message is queued again. */
export interface Resolution {
  state: 'queued' | 'unknown';
  reason: Extract<DispatchReason, 'resent_unproven' | 'never_proved'>;
  delayMs: number | null;
}

/** What becomes of a message of which nothing is known: sent again only where its policy allows it and nothing speaks against it. */
export function resolveUncertain(
  attempt: UnprovenAttempt,
  { random, retryBaseMs }: { random: number; retryBaseMs: number },
): Resolution {
  const mayResend =
    attempt.policy === 'at_least_once' && !attempt.http2xx && !attempt.isExpired && attempt.burned < MAX_BURNED;
  return mayResend
    ? { state: 'queued', reason: 'resent_unproven', delayMs: backoffMs(attempt.burned, { random, retryBaseMs }) }
    : { state: 'unknown', reason: 'never_proved', delayMs: null };
}
