/** What a message of a category costs in some countries, in millionths of a dollar. */
interface Price {
  countries: string;
  marketing: number;
  utility: number;
  authentication: number;
}

/**
 * Prices of the simulated platform, by country of the customer, in USD. A public copy of Meta's list of 2026-01-01 (not official),
 * by country where Meta has groups of countries; those that got a price of their own later are still with their groups.
 */
const PRICES: readonly Price[] = [
  { countries: 'AR', marketing: 61_800, utility: 26_000, authentication: 26_000 },
  { countries: 'BR', marketing: 62_500, utility: 6_800, authentication: 6_800 },
  { countries: 'CL', marketing: 88_900, utility: 20_000, authentication: 20_000 },
  { countries: 'CO', marketing: 12_500, utility: 800, authentication: 800 },
  { countries: 'EG', marketing: 64_400, utility: 3_600, authentication: 3_600 },
  { countries: 'FR', marketing: 85_900, utility: 30_000, authentication: 30_000 },
  { countries: 'DE', marketing: 136_500, utility: 55_000, authentication: 55_000 },
  { countries: 'IN', marketing: 11_800, utility: 1_400, authentication: 1_400 },
  { countries: 'ID', marketing: 41_100, utility: 25_000, authentication: 25_000 },
  { countries: 'IL', marketing: 35_300, utility: 5_300, authentication: 5_300 },
  { countries: 'IT', marketing: 69_100, utility: 30_000, authentication: 30_000 },
  { countries: 'MY', marketing: 86_000, utility: 14_000, authentication: 14_000 },
  { countries: 'MX', marketing: 30_500, utility: 8_500, authentication: 8_500 },
  { countries: 'NL', marketing: 159_700, utility: 50_000, authentication: 50_000 },
  { countries: 'NG', marketing: 51_600, utility: 6_700, authentication: 6_700 },
  { countries: 'PK', marketing: 47_300, utility: 5_400, authentication: 5_400 },
  { countries: 'PE', marketing: 70_300, utility: 20_000, authentication: 20_000 },
  { countries: 'RU', marketing: 80_200, utility: 40_000, authentication: 40_000 },
  { countries: 'SA', marketing: 45_500, utility: 10_700, authentication: 10_700 },
  { countries: 'ZA', marketing: 37_900, utility: 7_600, authentication: 7_600 },
  { countries: 'ES', marketing: 61_500, utility: 20_000, authentication: 20_000 },
  { countries: 'TR', marketing: 10_900, utility: 5_300, authentication: 5_300 },
  { countries: 'AE', marketing: 49_900, utility: 15_700, authentication: 15_700 },
  { countries: 'GB', marketing: 52_900, utility: 22_000, authentication: 22_000 },
  { countries: 'US CA', marketing: 25_000, utility: 3_400, authentication: 3_400 },
  {
    countries:
      'DZ AO BJ BW BF BI CM TD CG ER ET GA GM GH GW CI KE LS LR LY MG MW ML MR MA MZ NA NE RW SN SL SO SS SD SZ TZ TG TN UG ZM ZW',
    ...{ marketing: 22_500, utility: 4_000, authentication: 4_000 },
  },
  {
    countries: 'AF AU BD KH CN HK JP LA MN NP NZ PG PH SG LK TW TJ TH TM UZ VN',
    ...{ marketing: 73_200, utility: 11_300, authentication: 11_300 },
  },
  {
    countries: 'AL AM AZ BY BG HR CZ GE GR HU LV LT MD MK PL RO RS SK SI UA',
    ...{ marketing: 86_000, utility: 21_200, authentication: 21_200 },
  },
  {
    countries: 'BO CR DO EC SV GT HT HN JM NI PA PY PR UY VE',
    ...{ marketing: 74_000, utility: 11_300, authentication: 11_300 },
  },
  { countries: 'BH IQ JO KW LB OM QA YE', marketing: 34_100, utility: 9_100, authentication: 9_100 },
  { countries: 'AT BE DK FI IE NO PT SE CH', marketing: 59_200, utility: 17_100, authentication: 17_100 },
];

/** All other countries. */
const OTHER = { marketing: 60_400, utility: 7_700, authentication: 7_700 };

const byCountry = new Map(PRICES.flatMap((price) => price.countries.split(' ').map((country) => [country, price])));

/** What one message costs, in millionths of a dollar: nothing unless it is `regular`; a service message what a utility one does. */
export function priceOf(country: string, category: string, type: string): number {
  if (type !== 'regular') return 0;
  const prices = byCountry.get(country) ?? OTHER;
  if (category.endsWith('marketing') || category === 'marketing_lite') return prices.marketing;
  return category === 'authentication' ? prices.authentication : prices.utility;
}
