import type { DeliveryPolicy, MessageState } from '#messages';
import type { AttemptState, NextStep } from '../decide-next.js';
import { resolveUncertain } from '../resolve-uncertain.js';

/** An attempt as the protocol sees it. */
export interface MachineAttempt {
  no: number;
  state: AttemptState | 'started' | 'abandoned';
  /** A 2xx line came for it. */
  http2xx: boolean;
  /** Meta's name of it is known: it was taken. */
  isTaken: boolean;
}

/** A message as the protocol sees it: what its transitions read and write, and nothing of times. */
export interface MachineMessage {
  state: MessageState;
  policy: DeliveryPolicy;
  fence: number;
  burned: number;
  notSent: number;
  /** Its time to live is over. */
  isExpired: boolean;
  /** By number, the first is number 1. */
  attempts: readonly MachineAttempt[];
}

/** What a worker found out of an attempt, and the fence that it holds. */
export interface MachineSettlement {
  no: number;
  fence: number;
  next: Pick<NextStep, 'state' | 'attempt'>;
  http2xx: boolean;
}

/** Everything that can happen to a message. Times are not part of it: that a lease or a grace is over is for who takes the step. */
export type MachineStep =
  | { kind: 'claim' } // T1
  | ({ kind: 'settle' } & MachineSettlement) // T3, or T3s where the fence is lost
  | { kind: 'lease_over' } // T4
  | { kind: 'prove'; no: number } // T5, T8
  | { kind: 'resolve' } // T6, T7
  | { kind: 'expire' } // its time passes, and the sweeper comes by: T9
  | { kind: 'cancel' } // T10
  | { kind: 'redrive'; isForced: boolean }; // T11

/** Every change of a message's state that the protocol has (§3); the database refuses any other. */
export const TRANSITIONS: Readonly<Record<MessageState, readonly MessageState[]>> = {
  queued: ['sending', 'expired', 'cancelled', 'unknown', 'accepted'],
  sending: ['accepted', 'queued', 'failed', 'unknown', 'uncertain'],
  uncertain: ['accepted', 'queued', 'failed', 'unknown'],
  unknown: ['accepted', 'queued'],
  failed: ['accepted', 'queued'],
  expired: ['accepted', 'queued'],
  accepted: [],
  cancelled: [],
};

/** T0. */
export const newMessage = (policy: DeliveryPolicy): MachineMessage => ({
  state: 'queued',
  policy,
  fence: 0,
  burned: 0,
  notSent: 0,
  isExpired: false,
  attempts: [],
});

export const isOpen = ({ state }: MachineAttempt): boolean => state === 'started' || state === 'uncertain';

/**
 * The delivery protocol for one message (§3, §4). The same message comes back when the guard of a step does not hold. What runs
 * are SQL statements that take these steps for many messages at once; `message-machine.int-spec.ts` holds the two equal.
 */
export function takeStep(message: MachineMessage, step: MachineStep): MachineMessage {
  switch (step.kind) {
    case 'claim':
      return claim(message);
    case 'settle':
      return settle(message, step);
    case 'lease_over':
      return leaseOver(message);
    case 'prove':
      return prove(message, step.no);
    case 'resolve':
      return resolve(message);
    case 'expire':
      return expire(message);
    case 'cancel':
      return cancel(message);
    case 'redrive':
      return redrive(message, step.isForced);
  }
}

function claim(message: MachineMessage): MachineMessage {
  if (message.state !== 'queued' || message.isExpired) return message;
  const attempt: MachineAttempt = { no: message.attempts.length + 1, state: 'started', http2xx: false, isTaken: false };
  return { ...message, state: 'sending', fence: message.fence + 1, attempts: [...message.attempts, attempt] };
}

function settle(message: MachineMessage, settlement: MachineSettlement): MachineMessage {
  const { no, fence, next, http2xx } = settlement;
  if (message.state !== 'sending' || message.fence !== fence) return settleLate(message, settlement);
  return {
    ...withAttempt(message, no, { state: next.attempt, http2xx, isTaken: next.attempt === 'accepted' }),
    state: endOf(message, next.state),
    burned: message.burned + Number(BURNING.includes(next.attempt)),
    notSent: next.attempt === 'not_sent' ? message.notSent + 1 : 0,
  };
}

const BURNING: readonly MachineAttempt['state'][] = ['rejected_retryable', 'rejected_permanent', 'uncertain'];

/** T3s: a result without its fence is evidence still. */
function settleLate(message: MachineMessage, { no, next, http2xx }: MachineSettlement): MachineMessage {
  const attempt = message.attempts[no - 1];
  if (attempt === undefined) return message;
  if (next.attempt === 'accepted') return prove(message, no);
  if (attempt.state !== 'uncertain' && attempt.state !== 'abandoned') return message;
  if (next.attempt === 'uncertain') return http2xx ? withAttempt(message, no, { http2xx }) : message;
  const closed = withAttempt(message, no, { state: next.attempt });
  if (attempt.state === 'abandoned' || message.state !== 'uncertain') return closed;
  return {
    ...closed,
    state: endOf(message, next.state),
    fence: message.fence + 1,
    // The lease that ran out burned one, which this result may give back.
    burned: message.burned - Number(!BURNING.includes(next.attempt)),
    notSent: next.attempt === 'not_sent' ? message.notSent + 1 : 0,
  };
}

function leaseOver(message: MachineMessage): MachineMessage {
  if (message.state !== 'sending') return message;
  return {
    ...withAttempt(message, message.attempts.length, { state: 'uncertain' }),
    state: 'uncertain',
    fence: message.fence + 1,
    burned: message.burned + 1,
  };
}

function prove(message: MachineMessage, proved: number): MachineMessage {
  if (message.attempts[proved - 1] === undefined) return message;
  const attempts = message.attempts.map((attempt) => {
    if (attempt.no !== proved) return isOpen(attempt) ? { ...attempt, state: 'abandoned' as const } : attempt;
    // One that was refused and taken all the same keeps its end.
    const state = isOpen(attempt) || attempt.state === 'abandoned' ? ('accepted' as const) : attempt.state;
    return { ...attempt, state, isTaken: true };
  });
  if (message.state === 'accepted' || message.state === 'cancelled') return { ...message, attempts };
  return { ...message, state: 'accepted', fence: message.fence + 1, attempts };
}

function resolve(message: MachineMessage): MachineMessage {
  const attempt = message.attempts.at(-1);
  if (message.state !== 'uncertain' || attempt === undefined) return message;
  const { policy, burned, isExpired } = message;
  const { state } = resolveUncertain(
    { policy, burned, isExpired, http2xx: attempt.http2xx },
    { random: 0, retryBaseMs: 0 },
  );
  return { ...withAttempt(message, attempt.no, { state: 'abandoned' }), state, fence: message.fence + 1 };
}

function expire(message: MachineMessage): MachineMessage {
  const state = message.state === 'queued' ? endOf(message, 'expired') : message.state;
  return { ...message, isExpired: true, state };
}

function cancel(message: MachineMessage): MachineMessage {
  if (message.state !== 'queued' || isUnproven(message)) return message;
  return { ...message, state: 'cancelled', fence: message.fence + 1 };
}

function redrive(message: MachineMessage, isForced: boolean): MachineMessage {
  const mayGo = message.state === 'failed' || message.state === 'expired' || (isForced && message.state === 'unknown');
  if (!mayGo || message.attempts.some(isOpen)) return message;
  return { ...message, state: 'queued', fence: message.fence + 1, burned: 0, notSent: 0, isExpired: false };
}

/** An earlier attempt may have gone through. */
const isUnproven = ({ attempts }: MachineMessage) => attempts.some(({ state }) => state === 'abandoned');

/** A message that may have gone through neither fails nor expires: nobody knows. */
const endOf = (message: MachineMessage, state: MessageState): MessageState =>
  (state === 'failed' || state === 'expired') && isUnproven(message) ? 'unknown' : state;

const withAttempt = (message: MachineMessage, no: number, change: Partial<MachineAttempt>): MachineMessage => ({
  ...message,
  attempts: message.attempts.map((attempt) => (attempt.no === no ? { ...attempt, ...change } : attempt)),
});
