import { describe, expect, it } from '@jest/globals';
import { MARKETS, marketOf, marketOfCountry } from './market.js';

describe('the market of a number', () => {
  it.each<[string, string, string | null]>([
    ['5511987654321', '2026-11-29', 'Brazil'],
    ['5215512345678', '2026-11-29', 'Mexico'],
    ['15550100101', '2026-11-29', 'North America'],
    ['14165550100', '2026-11-29', 'North America'],
    // +1 is no country: area codes are.
    ['18095550100', '2026-11-29', 'Rest of Latin America'],
    ['18295550100', '2026-11-29', 'Rest of Latin America'],
    ['18495550100', '2026-11-29', 'Rest of Latin America'],
    ['18765550100', '2026-11-29', 'Rest of Latin America'],
    ['16585550100', '2026-11-29', 'Rest of Latin America'],
    ['17875550100', '2026-11-29', 'Rest of Latin America'],
    ['19395550100', '2026-11-29', 'Rest of Latin America'],
    ['12425550100', '2026-11-29', 'Other'],
    ['18685550100', '2026-11-29', 'Other'],
    // +7 is two.
    ['79123456789', '2026-11-29', 'Russia'],
    ['77012345678', '2026-11-29', 'Kazakhstan'],
    ['76012345678', '2026-10-01', 'Kazakhstan'],
    ['77012345678', '2026-09-30', 'Other'],
    // Countries that left their region.
    ['48501234567', '2026-06-30', 'Rest of Central & Eastern Europe'],
    ['48501234567', '2026-07-01', 'Poland'],
    ['96550000001', '2026-09-30', 'Rest of Middle East'],
    ['96550000001', '2026-10-01', 'Kuwait'],
    ['263771234567', '2025-09-30', 'Other'],
    ['263771234567', '2025-10-01', 'Rest of Africa'],
    // Longest prefix first.
    ['97150000001', '2026-11-29', 'United Arab Emirates'],
    ['972501234567', '2026-11-29', 'Israel'],
    ['8201012345678', '2026-11-29', 'Other'],
    ['819012345678', '2026-11-29', 'Rest of Asia Pacific'],
    ['group-1', '2026-11-29', null],
  ])('%s on %s is %s', (digits, day, market) => expect(marketOf(digits, day)).toBe(market));
});

describe('the market of a user id is that of its country', () => {
  it.each([
    ['US.13491208655302741918', '2026-11-29', 'North America'],
    ['CA.1', '2026-11-29', 'North America'],
    ['DO.1', '2026-11-29', 'Rest of Latin America'],
    ['JM.1', '2026-11-29', 'Rest of Latin America'],
    ['PR.1', '2026-11-29', 'Rest of Latin America'],
    ['TT.1', '2026-11-29', 'Other'],
    ['RU.1', '2026-11-29', 'Russia'],
    ['KZ.1', '2026-11-29', 'Kazakhstan'],
    ['KZ.1', '2026-09-30', 'Other'],
    ['DE.1', '2026-11-29', 'Germany'],
    ['KR.1', '2026-11-29', 'Other'],
    ['XX.1', '2026-11-29', 'Other'],
  ])('%s on %s: %s', (userId, day, market) => expect(marketOf(userId, day)).toBe(market));
});

it.each([
  ['US', 'North America'],
  ['KW', 'Kuwait'],
  ['JP', 'Rest of Asia Pacific'],
  ['', 'Other'],
])('Meta’s country %s is in %s', (country, market) => expect(marketOfCountry(country, '2026-11-29')).toBe(market));

it('has every market of the sample card, and those that came later', () => {
  expect(MARKETS).toHaveLength(47);
  expect(MARKETS).toEqual(expect.arrayContaining(['Other', 'Poland', 'Kazakhstan', 'Rest of Western Europe']));
});
