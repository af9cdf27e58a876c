import { describe, expect, it } from '@jest/globals';
import type { ReceiptOutcome } from '#graph-api';
import { decideReceipt, RECEIPT_LIFE_MS } from './receipt-policy.js';

const retry: ReceiptOutcome = { kind: 'retry', code: 130429, waitMs: 0 };

describe('decideReceipt', () => {
  it.each<[string, ReceiptOutcome, { ageMs: number; tries: number }, object]>([
    ['done', { kind: 'done' }, { ageMs: 0, tries: 1 }, { state: 'sent', errorCode: null }],
    ['refused', { kind: 'refused', code: 131009 }, { ageMs: 0, tries: 1 }, { state: 'failed', errorCode: 131009 }],
    ['once more', retry, { ageMs: 0, tries: 1 }, { state: 'pending', delayMs: 750 }],
    ['slower', retry, { ageMs: 0, tries: 4 }, { state: 'pending', delayMs: 6_000 }],
    ['a minute at most', retry, { ageMs: 0, tries: 40 }, { state: 'pending', delayMs: 45_000 }],
    ['as Meta says', { ...retry, waitMs: 90_000 }, { ageMs: 0, tries: 1 }, { state: 'pending', delayMs: 90_000 }],
    [
      'no longer than ten minutes',
      retry,
      { ageMs: RECEIPT_LIFE_MS - 750, tries: 1 },
      { state: 'failed', errorCode: 130429 },
    ],
  ])('%s', (_case, outcome, moment, step) => expect(decideReceipt(outcome, { ...moment, random: 0.5 })).toEqual(step));
});
