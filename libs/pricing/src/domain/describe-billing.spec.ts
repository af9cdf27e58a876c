import { describe, expect, it } from '@jest/globals';
import { type DescribedCharge, describeBilling } from './describe-billing.js';

const aCharge = (charge: Partial<DescribedCharge> = {}): DescribedCharge => ({
  mark: 'rated',
  because: null,
  category: 'utility',
  market: 'Brazil',
  pricingCategory: 'utility',
  pricingType: 'regular',
  day: '2026-11-26',
  tierPosition: '12',
  cardFrom: '2026-01-01',
  isOfficial: false,
  currency: 'USD',
  rateMicros: '6800',
  ...charge,
});

describe('describeBilling', () => {
  it.each<[Partial<DescribedCharge>, string]>([
    [
      {},
      '0.006800 USD: utility in market Brazil on 2026-11-26, by the unofficial rate card from 2026-01-01, as number 12 of its month when it was recorded.',
    ],
    [
      { isOfficial: true, tierPosition: null, category: 'marketing' },
      '0.006800 USD: marketing in market Brazil on 2026-11-26, by the rate card from 2026-01-01.',
    ],
    [{ mark: 'free', because: 'free_customer_service' }, 'Free: sent inside an open customer service window.'],
    [{ mark: 'free', because: 'free_moon_day' }, 'Free: Meta reported free_moon_day.'],
    [
      { mark: 'rate_missing', market: null },
      'Not priced yet: no rate card in USD has utility in no known market on 2026-11-26; it is priced when the card arrives.',
    ],
    [
      { mark: 'type_unknown', pricingType: 'odd', pricingCategory: 'new' },
      'Not priced: Meta billed it as type "odd", category "new", which Herald does not know.',
    ],
  ])('%j', (charge, sentence) => expect(describeBilling(aCharge(charge))).toBe(sentence));
});
