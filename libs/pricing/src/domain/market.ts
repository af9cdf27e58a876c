import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js';
import type { LocalDate } from './local-date.js';
import { MARKET_PREFIXES, type MarketPrefix } from './market-prefixes.js';

/** Whatever has no rate of its own and is in no region. */
export const OTHER_MARKET = 'Other';

/** Countries under +1 whose area codes stand in the table; the calling code alone would make them North America. */
const AREA_CODE_OF: Readonly<Record<string, string>> = {
  US: '1',
  CA: '1',
  DO: '1809',
  JM: '1876',
  PR: '1787',
  KZ: '77',
};

const LONGEST = 5;
const byPrefix = new Map<string, MarketPrefix[]>();
for (const row of MARKET_PREFIXES) byPrefix.set(row.prefix, [...(byPrefix.get(row.prefix) ?? []), row]);

/** Every name that a rate card may have in its column of markets. */
export const MARKETS: readonly string[] = [...new Set([...MARKET_PREFIXES.map(({ market }) => market), OTHER_MARKET])];

/**
 * The market that a message to a contact is billed in on a day: of digits by the longest prefix, of a business-scoped user id
 * (`US.1349…`) by its country. Null for what names no country, such as a group.
 */
export function marketOf(recipient: string, day: LocalDate): string | null {
  if (/^\d{7,15}$/.test(recipient)) return marketOfDigits(recipient, day);
  const [, country] = /^([A-Z]{2})\./.exec(recipient) ?? [];
  return country === undefined ? null : marketOfCountry(country, day);
}

/** The market of a country, ISO 3166, on a day. */
export function marketOfCountry(country: string, day: LocalDate): string {
  const known = AREA_CODE_OF[country];
  if (known !== undefined) return marketOfDigits(known, day);
  if (!isSupportedCountry(country)) return OTHER_MARKET;
  const code = getCountryCallingCode(country);
  return code === '1' ? OTHER_MARKET : marketOfDigits(code, day);
}

function marketOfDigits(digits: string, day: LocalDate): string {
  for (let length = Math.min(LONGEST, digits.length); length > 0; length -= 1) {
    const rows = byPrefix.get(digits.slice(0, length)) ?? [];
    const row = rows.find(({ from, until }) => (from ?? '') <= day && day < (until ?? '9999'));
    if (row !== undefined) return row.market;
  }
  return OTHER_MARKET;
}
