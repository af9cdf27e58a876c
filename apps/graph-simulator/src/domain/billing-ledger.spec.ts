import { describe, expect, it } from '@jest/globals';
import { type AnalyticsQuery, type BilledMessage, BillingLedger } from './billing-ledger.js';
import { countryOf } from './country.js';
import { priceOf } from './price-list.js';

const at = (instant: string) => Date.parse(instant);
const seconds = (instant: string) => at(instant) / 1_000;
const aMessage = (message: Partial<BilledMessage> = {}): BilledMessage => ({
  wabaId: '9',
  phoneNumber: '15550100100',
  country: 'BR',
  category: 'utility',
  type: 'regular',
  deliveredAt: at('2026-11-28T12:00:00Z'),
  ...message,
});
const aQuery = (query: Partial<AnalyticsQuery> = {}): AnalyticsQuery => ({
  start: seconds('2026-11-01T00:00:00Z'),
  end: seconds('2026-12-01T00:00:00Z'),
  granularity: 'DAILY',
  dimensions: ['COUNTRY', 'PRICING_CATEGORY', 'PRICING_TYPE'],
  ...query,
});
function setup(...messages: BilledMessage[]) {
  const ledger = new BillingLedger();
  for (const message of messages) ledger.add(message);
  return (query: Partial<AnalyticsQuery> = {}, timeZone = 'UTC') => ledger.points('9', aQuery(query), timeZone);
}

describe('BillingLedger', () => {
  it('adds up what was delivered, by day, country, category and type', () => {
    const points = setup(
      aMessage(),
      aMessage({ deliveredAt: at('2026-11-28T18:00:00Z') }),
      aMessage({ category: 'marketing', country: 'US' }),
      aMessage({ wabaId: '8' }),
      aMessage({ deliveredAt: at('2026-12-01T00:00:00Z') }),
    )();
    const day = { start: seconds('2026-11-28T00:00:00Z'), end: seconds('2026-11-29T00:00:00Z') };
    expect(points).toEqual([
      { ...day, country: 'BR', pricing_type: 'REGULAR', pricing_category: 'UTILITY', volume: 2, cost: 0.0136 },
      { ...day, country: 'US', pricing_type: 'REGULAR', pricing_category: 'MARKETING', volume: 1, cost: 0.025 },
    ]);
  });

  it('has the days of the account’s time zone', () => {
    const points = setup(
      aMessage({ deliveredAt: at('2026-11-28T18:14:59Z') }),
      aMessage({ deliveredAt: at('2026-11-28T18:15:00Z') }),
    );
    expect(points({}, 'Asia/Kathmandu').map(({ start, end }) => [start, end])).toEqual([
      [seconds('2026-11-27T18:15:00Z'), seconds('2026-11-28T18:15:00Z')],
      [seconds('2026-11-28T18:15:00Z'), seconds('2026-11-29T18:15:00Z')],
    ]);
  });

  it('gives half hours, months, and no dimension that was not asked for', () => {
    const points = setup(aMessage(), aMessage({ country: 'IN', deliveredAt: at('2026-11-28T12:29:59Z') }));
    expect(points({ granularity: 'HALF_HOUR', dimensions: [] })).toEqual([
      { start: seconds('2026-11-28T12:00:00Z'), end: seconds('2026-11-28T12:30:00Z'), volume: 2, cost: 0.0082 },
    ]);
    expect(points({ granularity: 'MONTHLY', dimensions: ['PHONE', 'TIER'] })).toMatchObject([
      { start: seconds('2026-11-01T00:00:00Z'), phone_number: '15550100100', tier: '0:MAX', volume: 2 },
    ]);
  });

  it('calls what is free in a window a service message, at no cost', () =>
    expect(setup(aMessage({ type: 'free_customer_service' }))()).toMatchObject([
      { pricing_category: 'SERVICE', pricing_type: 'FREE_CUSTOMER_SERVICE', volume: 1, cost: 0 },
    ]));
});

describe('prices', () => {
  it.each([
    ['DE', 'marketing', 'regular', 136_500],
    ['DE', 'marketing_lite', 'regular', 136_500],
    ['DE', 'service', 'regular', 55_000],
    ['JP', 'authentication', 'regular', 11_300],
    ['KR', 'utility', 'regular', 7_700],
    ['DE', 'marketing', 'free_entry_point', 0],
  ])('%s, %s, %s: %i', (country, category, type, micros) => expect(priceOf(country, category, type)).toBe(micros));
});

describe('countryOf', () => {
  it.each([
    ['15550100101', 'US'],
    ['5511987654321', 'BR'],
    ['5215512345678', 'MX'],
    ['18765550100', 'JM'],
    ['77012345678', 'KZ'],
    ['79123456789', 'RU'],
    ['819012345678', 'JP'],
    ['US.13491208655302741918', 'US'],
    ['group-1', 'ZZ'],
  ])('%s is of %s', (contact, country) => expect(countryOf(contact)).toBe(country));
});
