import type { MessageState } from '../../domain/message.js';

/** States from which a message may be redriven (delivery protocol, T11): `unknown` only when somebody insists. */
export const redrivableStates = (isForced: boolean): MessageState[] =>
  isForced ? ['failed', 'expired', 'unknown'] : ['failed', 'expired'];

/** Why a message cannot be cancelled (T10), in a sentence; null when it can be. */
export function whyNotCancelled(state: MessageState, hasUnprovenAttempt: boolean): string | null {
  if (state !== 'queued') return NOT_CANCELLED[state];
  return hasUnprovenAttempt
    ? 'An earlier attempt of it may have gone through: what can no longer be undone is not cancelled'
    : null;
}

const NOT_CANCELLED: Readonly<Record<Exclude<MessageState, 'queued'>, string>> = {
  sending: 'It is being sent at this moment',
  uncertain: 'Its request was written, and what became of it is not known yet',
  accepted: 'Meta has taken it',
  failed: 'It has failed already',
  expired: 'It has expired already',
  cancelled: 'It is cancelled already',
  unknown: 'It has ended, and an attempt of it may have gone through',
};

/** Why a message cannot be redriven (T11), in a sentence; null when it can be. */
export function whyNotRedriven(state: MessageState, isForced: boolean): string | null {
  return redrivableStates(isForced).includes(state) ? null : NOT_REDRIVEN[state];
}

const NOT_REDRIVEN: Readonly<Record<MessageState, string>> = {
  queued: 'It waits to be sent as it is',
  sending: 'It is being sent at this moment',
  uncertain: 'What became of its last attempt is not known yet: it is settled by evidence, or by its delivery policy',
  accepted: 'Meta has taken it, whatever its status says: send a new message',
  failed: 'An attempt of it is still open',
  expired: 'An attempt of it is still open',
  cancelled: 'It was cancelled: send a new message',
  unknown: 'It may have arrived: say force to send it again all the same, with a key that has the scope operations',
};
