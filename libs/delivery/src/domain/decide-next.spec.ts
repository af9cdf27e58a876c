import { describe, expect, it } from '@jest/globals';
import type { SendError, SendOutcome } from '#graph-api';
import { backoffMs } from './backoff.js';
import { type AttemptMoment, decideNext } from './decide-next.js';

const error: SendError = { code: 131000, title: 'Something went wrong', details: '' };
const moment: AttemptMoment = {
  burned: 0,
  notSent: 0,
  standstill: null,
  hasUnusedFallback: false,
  holdMs: 4_000,
  random: 0.5,
  retryBaseMs: 2_000,
};
const retryable: SendOutcome = { kind: 'rejected_retryable', code: 131000, error, httpStatus: 500 };
const refused: SendOutcome = { kind: 'rejected_permanent', code: 131047, error, httpStatus: 400 };

describe('decideNext', () => {
  it.each<[string, SendOutcome, Partial<AttemptMoment>, object]>([
    [
      'accepted',
      { kind: 'accepted', wamid: 'w', httpStatus: 200 },
      {},
      { state: 'accepted', attempt: 'accepted', delayMs: null },
    ],
    [
      'first unwritten',
      { kind: 'not_sent', reason: 'ECONNREFUSED' },
      {},
      { state: 'queued', attempt: 'not_sent', delayMs: 1_000 },
    ],
    [
      '50th unwritten',
      { kind: 'not_sent', reason: 'ECONNREFUSED' },
      { notSent: 49 },
      { state: 'failed', attempt: 'not_sent', reason: 'never_written' },
    ],
    [
      'unwritten after burned ones burns nothing',
      { kind: 'not_sent', reason: 'x' },
      { burned: 7 },
      { state: 'queued' },
    ],
    [
      'standing still waits, however often',
      { kind: 'not_sent', reason: 'awaits_target' },
      { standstill: { reason: 'awaits_target', delayMs: 77 }, notSent: 49 },
      { state: 'queued', attempt: 'throttled', reason: 'awaits_target', delayMs: 77 },
    ],
    [
      'throttled waits for its hold',
      { kind: 'throttled', code: 130429, scope: 'sender', action: 'RATE', error, httpStatus: 400 },
      {},
      { state: 'queued', attempt: 'throttled', delayMs: 4_000 },
    ],
    [
      'throttled never ends a message',
      { kind: 'throttled', code: 4, scope: 'app', action: 'RATE', error, httpStatus: 400 },
      { burned: 7, notSent: 49 },
      { state: 'queued' },
    ],
    [
      'paused is due when it is lifted',
      { kind: 'throttled', code: 190, scope: 'access_token', action: 'PAUSE', error, httpStatus: 401 },
      { holdMs: null },
      { state: 'queued', delayMs: 0 },
    ],
    [
      'asked to try again',
      retryable,
      {},
      { state: 'queued', attempt: 'rejected_retryable', reason: 'retry', delayMs: 1_000 },
    ],
    ['asked to try again later', { ...retryable, retryAfterMs: 90_000 }, {}, { delayMs: 90_000 }],
    ['7th burned', retryable, { burned: 6 }, { state: 'queued', delayMs: 64_000 }],
    ['8th burned', retryable, { burned: 7 }, { state: 'failed', reason: 'attempts_exhausted' }],
    [
      'a code with a cap of its own',
      { ...retryable, maxAttempts: 3 },
      { burned: 2 },
      { state: 'failed', reason: 'attempts_exhausted' },
    ],
    ['refused', refused, {}, { state: 'failed', attempt: 'rejected_permanent', reason: 'rejected' }],
    [
      'window closed with a fallback',
      refused,
      { hasUnusedFallback: true },
      { state: 'queued', attempt: 'rejected_retryable', reason: 'window_fallback', delayMs: 0, usesFallback: true },
    ],
    [
      'window closed as we know ourselves, with a fallback: nothing burns',
      { kind: 'rejected_permanent', code: 'window_closed', error },
      { hasUnusedFallback: true },
      { state: 'queued', attempt: 'not_sent', reason: 'window_fallback', delayMs: 0, usesFallback: true },
    ],
    [
      'window closed as we know ourselves',
      { kind: 'rejected_permanent', code: 'window_closed', error },
      {},
      { state: 'failed', attempt: 'rejected_permanent', reason: 'window_closed', usesFallback: false },
    ],
    [
      'refused otherwise with a fallback',
      { ...refused, code: 131026 },
      { hasUnusedFallback: true },
      { state: 'failed' },
    ],
    [
      'not built',
      { kind: 'rejected_permanent', code: 'internal_build_error', error },
      {},
      { state: 'failed', reason: 'internal_build_error' },
    ],
    [
      'answer lost',
      { kind: 'uncertain', http2xx: false, reason: 'answer_cut' },
      {},
      { state: 'uncertain', attempt: 'uncertain', delayMs: null },
    ],
  ])('%s', (_name, outcome, at, expected) => {
    expect(decideNext(outcome, { ...moment, ...at })).toMatchObject(expected);
  });
});

describe('backoffMs', () => {
  it.each([
    [1, 0.999, 1_998],
    [2, 0.5, 2_000],
    [7, 1, 128_000],
    [30, 1, 900_000],
    [5, 0, 0],
  ])('n = %i, random %f: %i ms', (n, random, ms) => {
    expect(backoffMs(n, { random, retryBaseMs: 2_000 })).toBe(ms);
  });
});
