import { describe, expect, it } from '@jest/globals';
import { resolveUncertain, type UnprovenAttempt } from './resolve-uncertain.js';

const attempt: UnprovenAttempt = { policy: 'at_least_once', http2xx: false, burned: 1, isExpired: false };

describe('resolveUncertain', () => {
  it.each<[string, Partial<UnprovenAttempt>, object]>([
    ['at_least_once is sent again', {}, { state: 'queued', reason: 'resent_unproven', delayMs: 1_000 }],
    ['later, the more have burned', { burned: 4 }, { state: 'queued', delayMs: 8_000 }],
    ['at_most_once never', { policy: 'at_most_once' }, { state: 'unknown', reason: 'never_proved', delayMs: null }],
    ['not after a 2xx line', { http2xx: true }, { state: 'unknown' }],
    ['not when its time is over', { isExpired: true }, { state: 'unknown' }],
    ['not when its attempts are used up', { burned: 8 }, { state: 'unknown' }],
    ['but with the last one left', { burned: 7 }, { state: 'queued' }],
  ])('%s', (_name, change, expected) => {
    expect(resolveUncertain({ ...attempt, ...change }, { random: 0.5, retryBaseMs: 2_000 })).toMatchObject(expected);
  });
});
