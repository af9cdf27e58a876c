import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SendOutcome } from '#graph-api';
import { DELIVERY_POLICIES, type DeliveryPolicy, MESSAGE_STATES, type MessageState } from '#messages';
import { decideNext, MAX_BURNED, MAX_NOT_SENT } from '../decide-next.js';
import { isOpen, type MachineMessage, type MachineStep, newMessage, takeStep, TRANSITIONS } from './message-machine.js';

/** What a worker holds: a claim, and from the write on what Graph made of it. */
interface Hand {
  no: number;
  fence: number;
  burned: number;
  notSent: number;
  /** Its lease is over, so the write guard holds it back. */
  isLate: boolean;
  answer: SendOutcome | null;
}

/** One message, the workers that hold it, and what Graph has of it. */
interface World {
  message: MachineMessage;
  hands: (Hand | null)[];
  /** Attempts in the order in which they reached Graph. */
  arrived: number[];
  taken: number[];
  /** Statuses that Meta has yet to bring; it may bring one twice. */
  underway: number[];
  /** Attempts that were abandoned at some time. */
  abandoned: Set<number>;
  isRedriven: boolean;
  /** It was sent again although it may have gone through, because somebody insisted. */
  isForced: boolean;
}

const ACCEPTED: SendOutcome = { kind: 'accepted', wamid: 'wamid.x' } as SendOutcome;
const outcome = (fields: object) => fields as SendOutcome;
const LOST = outcome({ kind: 'uncertain', http2xx: false });
const CUT = outcome({ kind: 'uncertain', http2xx: true });
const NOT_SENT = outcome({ kind: 'not_sent' });
/** What Graph answers to a request that it does not take. */
const REFUSALS: readonly SendOutcome[] = [
  outcome({ kind: 'throttled' }),
  outcome({ kind: 'rejected_retryable', code: 131000 }),
  outcome({ kind: 'rejected_permanent', code: 131026 }),
];

/** What may happen next, by number: a choice that does not fit changes nothing. */
type Choice =
  | { does: 'claim' | 'write_taken' | 'write_lost' | 'write_cut' | 'not_written' | 'settle' | 'crash'; worker: number }
  | {
      does: 'write_refused' | 'write_taken_and_refused' | 'whole_attempt_refused' | 'whole_attempt_lost';
      worker: number;
      how: number;
    }
  | { does: 'status'; which: number; again: boolean }
  | { does: 'lose_status' | 'lease_over' | 'resolve' | 'expire' | 'cancel' | 'redrive' | 'force' };

const worker = fc.nat(1);
const choice: fc.Arbitrary<Choice> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ does: fc.constantFrom('claim' as const, 'settle' as const), worker }) },
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constantFrom('write_taken' as const, 'write_lost' as const, 'write_cut' as const),
      worker,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constantFrom(
        'write_refused' as const,
        'write_taken_and_refused' as const,
        'whole_attempt_refused' as const,
        'whole_attempt_lost' as const,
      ),
      worker,
      how: fc.nat(2),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('not_written' as const, 'crash' as const), worker }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('status' as const), which: fc.nat(3), again: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({ does: fc.constantFrom('lease_over' as const, 'resolve' as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constantFrom(
        'lose_status' as const,
        'expire' as const,
        'cancel' as const,
        'redrive' as const,
        'force' as const,
      ),
    }),
  },
);

interface Weather {
  /** No status is lost, or comes after the time that the resolver gives it. */
  areStatusesInTime: boolean;
  /** Graph takes nothing that it answers with an error. */
  isGraphHonest: boolean;
}

/** Every state change that a run has seen. */
const seen = new Set<string>();

function move(world: World, step: MachineStep): void {
  const before = world.message;
  const after = takeStep(before, step);
  if (after.state !== before.state) seen.add(`${before.state}>${after.state}`);
  check(before, after, world, step);
  world.message = after;
}

/** The invariants of one step: I3, I5–I9, and the list of transitions. */
function check(before: MachineMessage, after: MachineMessage, world: World, step: MachineStep): void {
  const told = JSON.stringify({ step, before, after });
  if (after.state !== before.state && !TRANSITIONS[before.state].includes(after.state))
    throw new Error(`not in the protocol: ${told}`);
  if (after.fence < before.fence) throw new Error(`I8: ${told}`);
  const open = after.attempts.filter(isOpen);
  const expected = after.state === 'sending' ? 'started' : after.state === 'uncertain' ? 'uncertain' : null;
  if (open.length > 1 || (open[0]?.state ?? null) !== expected) throw new Error(`I3: ${told}`);
  if (open.some(({ no }) => no !== after.attempts.length)) throw new Error(`only the last attempt is open: ${told}`);
  for (const { no, state } of after.attempts) if (state === 'abandoned') world.abandoned.add(no);
  const isNewAttempt = after.attempts.length > before.attempts.length;
  // One that was abandoned may be refused late, which then changes nothing but itself (T3s).
  const isRefused = before.attempts.some(({ no, state }) => state === 'rejected_permanent' && !world.abandoned.has(no));
  if (isNewAttempt && isRefused && !world.isRedriven) throw new Error(`I7, sent after it was refused: ${told}`);
  if (isNewAttempt && before.attempts.some(({ isTaken }) => isTaken))
    throw new Error(`I7, sent after it was proved: ${told}`);
  if (
    isNewAttempt &&
    after.policy === 'at_most_once' &&
    !world.isForced &&
    before.attempts.some(({ state }) => state === 'abandoned')
  )
    throw new Error(`I6: ${told}`);
  if (after.state === 'accepted' && !after.attempts.some(({ isTaken }) => isTaken))
    throw new Error(`accepted without proof: ${told}`);
  if (after.burned < 0 || after.notSent < 0 || after.burned > MAX_BURNED + 1 || after.notSent > MAX_NOT_SENT)
    throw new Error(`counters: ${told}`);
}

function claimBy(world: World, index: number): void {
  if (world.hands[index] !== null) return;
  const { burned, notSent, attempts } = world.message;
  move(world, { kind: 'claim' });
  const { attempts: after, fence } = world.message;
  if (after.length > attempts.length)
    world.hands[index] = { no: after.length, fence, burned, notSent, isLate: false, answer: null };
}

/** The one write of an attempt, and what comes back of it. */
function write(world: World, index: number, isTaken: boolean, answer: SendOutcome): void {
  const hand = world.hands[index];
  if (hand == null || hand.answer !== null) return;
  if (hand.isLate) {
    hand.answer = NOT_SENT;
    return;
  }
  if (world.arrived.includes(hand.no)) throw new Error(`I5: attempt ${hand.no} reached Graph twice`);
  world.arrived.push(hand.no);
  if (isTaken) {
    world.taken.push(hand.no);
    world.underway.push(hand.no);
  }
  hand.answer = answer;
}

function settleBy(world: World, index: number): void {
  const hand = world.hands[index];
  if (hand?.answer == null) return;
  world.hands[index] = null;
  const { no, fence, burned, notSent, answer } = hand;
  const next = decideNext(answer, {
    burned,
    notSent,
    standstill: null,
    hasUnusedFallback: false,
    holdMs: 0,
    random: 0,
    retryBaseMs: 0,
  });
  move(world, { kind: 'settle', no, fence, next, http2xx: answer === CUT || answer === ACCEPTED });
}

function leaseOver(world: World): void {
  // §5: lease > write guard + total timeout: whoever has not written by now never will.
  if (world.message.state === 'sending') for (const hand of world.hands) if (hand !== null) hand.isLate = true;
  move(world, { kind: 'lease_over' });
}

function resolve(world: World, { areStatusesInTime }: Weather): void {
  if (areStatusesInTime) while (world.underway.length > 0) move(world, { kind: 'prove', no: world.underway.shift()! });
  move(world, { kind: 'resolve' });
}

function act(world: World, chosen: Choice, weather: Weather): void {
  switch (chosen.does) {
    case 'claim':
      return claimBy(world, chosen.worker);
    case 'write_taken':
      return write(world, chosen.worker, true, ACCEPTED);
    case 'write_lost':
      // Half of the answers that are lost belong to requests that Graph took.
      return write(world, chosen.worker, world.arrived.length % 2 === 0, LOST);
    case 'write_cut':
      return write(world, chosen.worker, true, CUT);
    case 'write_refused':
      return write(world, chosen.worker, false, REFUSALS[chosen.how]!);
    case 'write_taken_and_refused':
      return write(world, chosen.worker, !weather.isGraphHonest, REFUSALS[chosen.how]!);
    case 'whole_attempt_refused':
    case 'whole_attempt_lost':
      claimBy(world, chosen.worker);
      write(world, chosen.worker, false, chosen.does === 'whole_attempt_lost' ? LOST : REFUSALS[chosen.how]!);
      return settleBy(world, chosen.worker);
    case 'not_written': {
      const hand = world.hands[chosen.worker];
      if (hand != null && hand.answer === null) hand.answer = NOT_SENT;
      return;
    }
    case 'settle':
      return settleBy(world, chosen.worker);
    case 'crash':
      world.hands[chosen.worker] = null;
      return;
    case 'status': {
      const no = world.underway[chosen.which % Math.max(1, world.underway.length)];
      if (no === undefined) return;
      if (!chosen.again) world.underway.splice(world.underway.indexOf(no), 1);
      return move(world, { kind: 'prove', no });
    }
    case 'lose_status':
      if (!weather.areStatusesInTime) world.underway.pop();
      return;
    case 'lease_over':
      return leaseOver(world);
    case 'resolve':
      return resolve(world, weather);
    case 'expire':
      return move(world, { kind: 'expire' });
    case 'cancel':
      return move(world, { kind: 'cancel' });
    case 'redrive':
    case 'force': {
      const isForced = chosen.does === 'force';
      const before = world.message;
      move(world, { kind: 'redrive', isForced });
      if (world.message === before) return;
      world.isRedriven = true;
      if (before.state === 'unknown') world.isForced = true;
    }
  }
}

/** All faults end: workers settle, leases run out, statuses come, and what is left is sent. */
function heal(world: World, weather: Weather): void {
  for (let round = 0; round < 100 && !isEnded(world.message.state); round += 1) {
    world.hands.forEach((_, index) => {
      claimBy(world, index);
      write(world, index, true, ACCEPTED);
      settleBy(world, index);
    });
    leaseOver(world);
    resolve(world, weather);
    if (world.message.isExpired) move(world, { kind: 'expire' });
  }
}
const isEnded = (state: MessageState) => !['queued', 'sending', 'uncertain'].includes(state);

function play(policy: DeliveryPolicy, choices: readonly Choice[], weather: Weather): World {
  const world: World = {
    message: newMessage(policy),
    hands: [null, null],
    arrived: [],
    taken: [],
    underway: [],
    abandoned: new Set(),
    isRedriven: false,
    isForced: false,
  };
  for (const chosen of choices) act(world, chosen, weather);
  heal(world, weather);
  return world;
}

const histories = fc.array(choice, { maxLength: 60, size: 'max' });
const RUNS = { numRuns: 3_000 };

describe('any interleaving of workers, reaper, resolver, statuses, crashes and operators', () => {
  it('breaks no invariant and ends (I2, I3, I5–I8), whatever becomes of the statuses', () => {
    fc.assert(
      fc.property(fc.constantFrom(...DELIVERY_POLICIES), histories, (policy, choices) => {
        const { message } = play(policy, choices, { areStatusesInTime: false, isGraphHonest: false });
        return isEnded(message.state) && !message.attempts.some(isOpen);
      }),
      RUNS,
    );
  });

  it('has Graph take a message at most once as long as statuses come in time, and loses none', () => {
    fc.assert(
      fc.property(fc.constantFrom(...DELIVERY_POLICIES), histories, (policy, choices) => {
        const { message, taken, isForced } = play(policy, choices, { areStatusesInTime: true, isGraphHonest: true });
        if (!isForced && taken.length > 1) return false;
        return taken.length === 0 ? message.state !== 'accepted' : message.state === 'accepted';
      }),
      RUNS,
    );
  });

  it('has Graph take an at_most_once message at most once even when statuses are lost', () => {
    fc.assert(
      fc.property(histories, (choices) => {
        const { taken, isForced } = play('at_most_once', choices, { areStatusesInTime: false, isGraphHonest: true });
        return isForced || taken.length <= 1;
      }),
      RUNS,
    );
  });

  it('sends an at_least_once message again only where its earlier attempts are abandoned: one abandoned for each duplicate', () => {
    fc.assert(
      fc.property(histories, (choices) => {
        const world = play('at_least_once', choices, { areStatusesInTime: false, isGraphHonest: true });
        const { taken, message } = world;
        const unheard = message.attempts.filter(({ no, state }) => taken.includes(no) && state === 'abandoned');
        const heard = message.attempts.filter(({ no, isTaken }) => taken.includes(no) && isTaken);
        return unheard.length + heard.length === taken.length;
      }),
      RUNS,
    );
  });

  it('takes every transition of the protocol, and no other', () => {
    const weather = { areStatusesInTime: false, isGraphHonest: false };
    seen.clear();
    fc.assert(
      fc.property(fc.constantFrom(...DELIVERY_POLICIES), histories, (policy, choices) => {
        play(policy, choices, weather);
      }),
      { seed: 1, numRuns: 10_000 },
    );
    const listed = MESSAGE_STATES.flatMap((from) => TRANSITIONS[from].map((to) => `${from}>${to}`));
    expect([...seen].sort()).toEqual(listed.sort());
  });
});
