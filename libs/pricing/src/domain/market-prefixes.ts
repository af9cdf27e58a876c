import type { LocalDate } from './local-date.js';

/** Numbers that begin with `prefix` belong to `market` from `from` (inclusive) until `until` (exclusive). */
export interface MarketPrefix {
  prefix: string;
  market: string;
  from?: LocalDate;
  until?: LocalDate;
}

const JULY_2026 = '2026-07-01';
const OCTOBER_2026 = '2026-10-01';

const ARABIA = 'Rest of Middle East';
const ASIA = 'Rest of Asia Pacific';
const AFRICA = 'Rest of Africa';
const EAST_EUROPE = 'Rest of Central & Eastern Europe';
const LATIN_AMERICA = 'Rest of Latin America';
const WEST_EUROPE = 'Rest of Western Europe';

/** Markets with rates of their own all the time. */
const OWN: Readonly<Record<string, string>> = {
  '54': 'Argentina',
  '55': 'Brazil',
  '56': 'Chile',
  '57': 'Colombia',
  '20': 'Egypt',
  '33': 'France',
  '49': 'Germany',
  '91': 'India',
  '62': 'Indonesia',
  '972': 'Israel',
  '39': 'Italy',
  '60': 'Malaysia',
  '52': 'Mexico',
  '31': 'Netherlands',
  '234': 'Nigeria',
  '92': 'Pakistan',
  '51': 'Peru',
  '7': 'Russia',
  '966': 'Saudi Arabia',
  '27': 'South Africa',
  '34': 'Spain',
  '90': 'Turkey',
  '971': 'United Arab Emirates',
  '44': 'United Kingdom',
};

/** Calling codes (with area code under +1) of each region. */
const REGIONS: Readonly<Record<string, string>> = {
  [AFRICA]:
    '213 244 229 267 226 257 237 235 242 291 251 241 220 233 245 225 254 266 231 218 261 265 223 222 258 264 227 250 221 232 252 211 249 268 255 228 216 256 260',
  [ASIA]: '93 61 855 86 856 976 64 675 63 886 992 66 993 998 84 81',
  [EAST_EUROPE]: '355 374 994 375 359 385 420 995 30 371 370 373 389 381 421 386',
  [LATIN_AMERICA]: '591 506 1809 1829 1849 593 503 502 509 504 1658 1876 505 507 595 1787 1939 598 58',
  [ARABIA]: '973 962 961 974 967',
  [WEST_EUROPE]: '43 32 45 358 353 47 351 46 41',
};

/** Countries that left their region for a market of their own, and when. */
const MOVED: readonly [prefix: string, region: string, market: string, on: LocalDate][] = [
  ['852', ASIA, 'Hong Kong', JULY_2026],
  ['36', EAST_EUROPE, 'Hungary', JULY_2026],
  ['48', EAST_EUROPE, 'Poland', JULY_2026],
  ['974', ARABIA, 'Qatar', JULY_2026],
  ['40', EAST_EUROPE, 'Romania', JULY_2026],
  ['65', ASIA, 'Singapore', JULY_2026],
  ['880', ASIA, 'Bangladesh', OCTOBER_2026],
  ['964', ARABIA, 'Iraq', OCTOBER_2026],
  ['965', ARABIA, 'Kuwait', OCTOBER_2026],
  ['212', AFRICA, 'Morocco', OCTOBER_2026],
  ['977', ASIA, 'Nepal', OCTOBER_2026],
  ['968', ARABIA, 'Oman', OCTOBER_2026],
  ['94', ASIA, 'Sri Lanka', OCTOBER_2026],
  ['380', EAST_EUROPE, 'Ukraine', OCTOBER_2026],
];

/** Area codes of the United States and Canada are all of +1 that no other country has. Source: the North American Numbering Plan. */
const OTHER_AREA_CODES = '242 246 264 268 284 340 345 441 473 649 664 670 671 684 721 758 767 784 868 869';

const movedPrefixes = MOVED.flatMap(([prefix, region, market, on]): MarketPrefix[] => [
  { prefix, market: region, until: on },
  { prefix, market, from: on },
]);
const movedCodes = new Set(MOVED.map(([prefix]) => prefix));

/**
 * Meta's markets by the beginning of a phone number, dated; what no prefix fits is `Other`. Meta has no table for machines:
 * this one follows its pricing pages (2026-03 and 2026-09), where Kazakhstan shares +7 with Russia (76 and 77) and is in no
 * region before it gets a market of its own.
 */
export const MARKET_PREFIXES: readonly MarketPrefix[] = [
  ...Object.entries(OWN).map(([prefix, market]) => ({ prefix, market })),
  ...Object.entries(REGIONS).flatMap(([market, prefixes]) =>
    prefixes
      .split(' ')
      .filter((prefix) => !movedCodes.has(prefix))
      .map((prefix) => ({ prefix, market })),
  ),
  ...movedPrefixes,
  { prefix: '1', market: 'North America' },
  ...OTHER_AREA_CODES.split(' ').map((code) => ({ prefix: `1${code}`, market: 'Other' })),
  ...['76', '77'].flatMap((prefix) => [
    { prefix, market: 'Other', until: OCTOBER_2026 },
    { prefix, market: 'Kazakhstan', from: OCTOBER_2026 },
  ]),
  { prefix: '263', market: 'Other', until: '2025-10-01' },
  { prefix: '263', market: AFRICA, from: '2025-10-01' },
];
