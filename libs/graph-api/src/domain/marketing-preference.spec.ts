import { describe, expect, it } from '@jest/globals';
import { readFixture } from '../fixtures/read-fixture.js';
import { readMarketingPreferences } from './marketing-preference.js';
import type { OtherItem } from './notification-item.js';
import { splitNotification } from './webhook-parser.js';

const preference = { wa_id: '15550100001', category: 'marketing_messages', value: 'stop', timestamp: 1_790_856_000 };
const read = (...user_preferences: unknown[]) => readMarketingPreferences({ raw: { user_preferences } });

describe('readMarketingPreferences', () => {
  it.each([
    ['user_preferences_stop.json', false],
    ['user_preferences_resume.json', true],
  ])('%s', (file, wantsMarketing) => {
    const items = splitNotification(readFixture('webhooks', file)) as OtherItem[];
    expect(items.flatMap(readMarketingPreferences)).toEqual([
      { contacts: ['15550100001', 'US.90000000000000000001'], wantsMarketing, timestamp: 1_790_856_000 },
    ]);
  });

  it.each([
    ['a contact without a number', { wa_id: undefined, user_id: 'US.1' }, { contacts: ['US.1'] }],
    ['a time as text', { timestamp: '1790856000' }, { timestamp: 1_790_856_000 }],
    ['no time', { timestamp: undefined }, { timestamp: null }],
  ])('reads one of %s', (_name, change, expected) => {
    expect(read({ ...preference, ...change })).toMatchObject([expected]);
  });

  it.each([
    ['of another category', { category: 'utility_messages' }],
    ['with another value', { value: 'pause' }],
    ['with a value that every object has', { value: 'toString' }],
    ['of nobody', { wa_id: '' }],
  ])('leaves out one %s', (_name, change) => {
    expect(read({ ...preference, ...change })).toEqual([]);
  });

  it.each([[null], ['x'], [[]]])('leaves out %j', (value) => {
    expect(read(value)).toEqual([]);
  });
});
