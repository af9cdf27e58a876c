import { describe, expect, it } from '@jest/globals';
import { describeEstimate, type Estimate } from './describe-estimate.js';

const anEstimate = (estimate: Partial<Estimate> = {}): Estimate => ({
  mark: 'rated',
  because: null,
  of: 'message',
  category: 'utility',
  isGuess: false,
  market: 'Brazil',
  day: '2026-11-29',
  tierPosition: null,
  cardFrom: '2026-01-01',
  isOfficial: false,
  currency: 'USD',
  rateMicros: '6800',
  ...estimate,
});
const MISSING = { mark: 'rate_missing', rateMicros: null, cardFrom: null, isOfficial: null } as const;

describe('describeEstimate', () => {
  it.each<[Partial<Estimate>, string]>([
    [
      {},
      'Estimate: 0.006800 USD if it is delivered on 2026-11-29, utility in market Brazil, by the unofficial rate card from 2026-01-01.',
    ],
    [
      { of: 'fallback', isGuess: true, isOfficial: true, tierPosition: '101' },
      'Estimate of its fallback, its window being closed: 0.006800 USD if it is delivered on 2026-11-29, utility (a guess) in market Brazil, by the rate card from 2026-01-01, as about number 101 of its month.',
    ],
    [
      { mark: 'free', because: 'free_customer_service', category: null },
      'Estimate: free, sent inside an open customer service window.',
    ],
    [
      { mark: 'free', because: 'window_closed', category: null },
      'Estimate: nothing, since its customer service window is closed and it is not sent.',
    ],
    [
      { ...MISSING, currency: 'EUR' },
      'Estimate: not known, no rate card in EUR has utility in market Brazil on 2026-11-29.',
    ],
    [
      { ...MISSING, market: null },
      'Estimate: not known, a message to a group is billed for each member that it reaches, at the rate of the market of each.',
    ],
  ])('%j', (estimate, sentence) => expect(describeEstimate(anEstimate(estimate))).toBe(sentence));
});
