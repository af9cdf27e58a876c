import { describe, expect, it } from '@jest/globals';
import type { SendOutcome } from '#graph-api';
import {
  FORGET_AFTER_MS,
  type HoldScope,
  type HoldToSet,
  holdTarget,
  planHold,
  planHolds,
  type SendPlace,
  type StandingHold,
} from './hold-policy.js';

type Throttled = Extract<SendOutcome, { kind: 'throttled' }>;
const rate = { kind: 'throttled', code: 130429, scope: 'sender', action: 'RATE', httpStatus: 400 } as Throttled;
const place: SendPlace = {
  appId: 'app',
  accessTokenId: 'token',
  portfolioId: 'portfolio',
  wabaId: 'waba',
  phoneNumberId: 'sender',
  recipient: '15550100001',
  templateKey: 'greeting',
};

describe('planHold', () => {
  it.each<[string, Throttled, HoldScope, StandingHold | null, HoldToSet]>([
    ['a first sign: 1 to 5 s', rate, 'sender', null, { step: 0, waitMs: 3_000 }],
    ['it doubles when it comes again', rate, 'sender', { step: 2, remainingMs: -1_000 }, { step: 3, waitMs: 24_000 }],
    ['up to five minutes', rate, 'sender', { step: 20, remainingMs: -1 }, { step: 21, waitMs: 300_000 }],
    [
      'forgotten after a while',
      rate,
      'sender',
      { step: 5, remainingMs: -FORGET_AFTER_MS - 1 },
      { step: 0, waitMs: 3_000 },
    ],
    ['one burst is one sign', rate, 'sender', { step: 1, remainingMs: 2_500 }, { step: 1, waitMs: 2_500 }],
    ['what Meta asks for is the least', { ...rate, retryAfterMs: 60_000 }, 'sender', null, { step: 0, waitMs: 60_000 }],
    [
      'also while one stands',
      { ...rate, retryAfterMs: 60_000 },
      'sender',
      { step: 1, remainingMs: 2_500 },
      { step: 1, waitMs: 60_000 },
    ],
    ['a pair: at least 6 s', rate, 'pair', null, { step: 0, waitMs: 6_000 }],
    ['a pair: 4^n', rate, 'pair', { step: 2, remainingMs: -1 }, { step: 3, waitMs: 64_000 }],
    ['a pair: at most 10 min', rate, 'pair', { step: 8, remainingMs: -1 }, { step: 9, waitMs: 600_000 }],
    ['a pause lasts until it is lifted', { ...rate, action: 'PAUSE' }, 'access_token', null, { step: 0, waitMs: null }],
    ['a limit never shortens a pause', rate, 'sender', { step: 0, remainingMs: null }, { step: 0, waitMs: null }],
  ])('%s', (_name, outcome, scope, standing, expected) => {
    expect(planHold(outcome, scope, standing, 0.5)).toEqual(expected);
  });
});

describe('planHolds', () => {
  const pause: Throttled = { ...rate, code: 131045, action: 'PAUSE' };
  it.each<[string, Throttled[], StandingHold | null, (number | null)[], [HoldToSet, number] | null]>([
    ['none', [], null, [], null],
    ['one', [rate], null, [3_000], [{ step: 0, waitMs: 3_000 }, 130429]],
    [
      'a burst: one sign',
      [rate, rate],
      { step: 2, remainingMs: -1 },
      [24_000, 24_000],
      [{ step: 3, waitMs: 24_000 }, 130429],
    ],
    [
      'the longest wait',
      [rate, { ...rate, retryAfterMs: 60_000 }, rate],
      null,
      [3_000, 60_000, 60_000],
      [{ step: 0, waitMs: 60_000 }, 130429],
    ],
    ['a pause ends the waiting', [rate, pause, rate], null, [3_000, null, null], [{ step: 0, waitMs: null }, 131045]],
    ['a limit during a pause', [rate], { step: 0, remainingMs: null }, [null], null],
  ])('%s', (_name, causes, standing, waits, expected) => {
    const { plans, toSet } = planHolds(causes, 'sender', standing, 0.5);
    expect(plans.map(({ waitMs }) => waitMs)).toEqual(waits);
    expect(toSet && [toSet.hold, toSet.cause.code]).toEqual(expected);
  });
});

describe('holdTarget', () => {
  it.each([
    ['app', { scope: 'app', scopeId: 'app' }],
    ['access_token', { scope: 'access_token', scopeId: 'token' }],
    ['waba', { scope: 'waba', scopeId: 'waba' }],
    ['sender', { scope: 'sender', scopeId: 'sender' }],
    ['pair', { scope: 'pair', scopeId: 'sender:15550100001' }],
    ['template', { scope: 'template', scopeId: 'waba:greeting' }],
    ['message', null],
  ] as const)('%s', (scope, target) => {
    expect(holdTarget(scope, place)).toEqual(target);
  });
});
