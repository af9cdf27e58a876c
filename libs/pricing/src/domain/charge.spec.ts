import { describe, expect, it } from '@jest/globals';
import { type ChargeBasis, countsForTiers, dateCharge, inPaidConversation, ratedCategory } from './charge.js';
import { type Billing, billingOf } from './charge-policy.js';
import type { Era } from './era.js';

const free = (because: string): Billing => ({ kind: 'free', because });
const rated = (category: 'marketing' | 'utility' | 'authentication' | 'service'): Billing => ({
  kind: 'rated',
  category,
});
const UNKNOWN: Billing = { kind: 'type_unknown' };

describe('billingOf', () => {
  it.each<[string, string | null, Era, Billing]>([
    ['utility', 'regular', 'pmp_1', rated('utility')],
    ['utility', 'regular', 'pmp_2', rated('utility')],
    ['utility', null, 'pmp_2', rated('utility')],
    ['utility', 'free_customer_service', 'pmp_1', free('free_customer_service')],
    ['service', 'regular', 'pmp_2', rated('service')],
    ['service', 'free_allowance', 'pmp_2', free('free_allowance')],
    ['marketing_lite', 'regular', 'pmp_2', rated('marketing')],
    ['group_marketing', 'regular', 'pmp_2', rated('marketing')],
    ['group_service', 'regular', 'pmp_2', rated('service')],
    ['referral_conversion', null, 'cbp', free('free_entry_point')],
    ['referral_conversion', 'free_entry_point', 'pmp_2', free('free_entry_point')],
    ['service', null, 'cbp', free('free_service')],
    ['utility', null, 'cbp', { kind: 'conversation', category: 'utility' }],
    ['utility', 'max_price', 'pmp_2', UNKNOWN],
    ['referral_conversion', 'max_price', 'pmp_2', UNKNOWN],
    ['poetry', 'regular', 'pmp_2', UNKNOWN],
    ['poetry', null, 'cbp', UNKNOWN],
  ])('%s, %s in %s', (category, type, era, billing) =>
    expect(billingOf({ category, type, model: null }, era)).toEqual(billing),
  );
});

describe('dateCharge', () => {
  const aBasis = (basis: Partial<ChargeBasis> & { at?: string } = {}): ChargeBasis => ({
    recipient: '5511987654321',
    timezone: 'UTC',
    pricingCategory: 'utility',
    pricingType: 'regular',
    pricingModel: 'pmp',
    chargedAt: Date.parse(basis.at ?? '2026-11-29T12:00:00Z') / 1_000,
    ...basis,
  });

  it.each([
    ['2025-06-30T23:59:59Z', 'UTC', '2025-06-30', '2025-06-01', 'cbp'],
    ['2025-07-01T00:00:00Z', 'UTC', '2025-07-01', '2025-07-01', 'pmp_1'],
    ['2026-10-01T02:59:59Z', 'America/Sao_Paulo', '2026-09-30', '2026-09-01', 'pmp_1'],
    ['2026-10-01T03:00:00Z', 'America/Sao_Paulo', '2026-10-01', '2026-10-01', 'pmp_2'],
    ['2026-09-30T18:14:59Z', 'Asia/Kathmandu', '2026-09-30', '2026-09-01', 'pmp_1'],
    ['2026-09-30T18:15:00Z', 'Asia/Kathmandu', '2026-10-01', '2026-10-01', 'pmp_2'],
  ])('%s in %s is %s, month %s, %s', (at, timezone, day, month, era) =>
    expect(dateCharge(aBasis({ at, timezone }))).toMatchObject({ day, month, era }),
  );

  it('goes by what Meta says of the model, and pays each conversation once', () => {
    const basis = aBasis({ pricingModel: 'cbp', pricingType: null });
    expect(dateCharge(basis)).toMatchObject({ era: 'cbp', billing: { kind: 'conversation', category: 'utility' } });
    expect(inPaidConversation(dateCharge(basis)).billing).toEqual(free('in_paid_conversation'));
  });

  it.each([
    ['utility', 'regular', 'pmp', 'utility', true],
    ['authentication', 'regular', 'pmp', 'authentication', true],
    ['marketing', 'regular', 'pmp', 'marketing', false],
    ['service', 'regular', 'pmp', 'service', false],
    ['utility', 'free_customer_service', 'pmp', null, false],
    ['utility', null, 'cbp', 'utility', false],
  ])(
    '%s, %s, %s has the rate of %s, and counts for tiers: %s',
    (pricingCategory, pricingType, pricingModel, rate, counts) => {
      const dated = dateCharge(aBasis({ pricingCategory, pricingType, pricingModel }));
      expect([ratedCategory(dated), countsForTiers(dated)]).toEqual([rate, counts]);
    },
  );
});
