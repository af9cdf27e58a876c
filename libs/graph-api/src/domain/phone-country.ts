import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js';

/** Country of numbers that are nobody's yet, where several countries share a calling code: the one that gave it its name. */
const MAIN_COUNTRY: Readonly<Record<string, string>> = {
  '1': 'NANP',
  '7': 'RU',
  '39': 'IT',
  '44': 'GB',
  '47': 'NO',
  '61': 'AU',
  '212': 'MA',
  '262': 'RE',
  '290': 'SH',
  '358': 'FI',
  '590': 'GP',
  '599': 'CW',
};

const COUNTRIES_OF_CODE: ReadonlyMap<string, readonly string[]> = Map.groupBy(getCountries(), (country) =>
  getCountryCallingCode(country),
);

/** Calling codes have one to three digits, none begins with another. */
const CODE_LENGTHS = [1, 2, 3];

/**
 * The country of a phone number, as ISO 3166 has it, of its digits without `+`. A number that no country has given out, such as
 * +1 555… or Mexican ids with 521, has the country of its calling code, `NANP` for +1; null for codes of no country.
 */
export function phoneCountry(digits: string): string | null {
  const code = CODE_LENGTHS.map((length) => digits.slice(0, length)).find((prefix) => COUNTRIES_OF_CODE.has(prefix));
  if (code === undefined) return null;
  const [country, ...others] = COUNTRIES_OF_CODE.get(code) ?? [];
  // To look closer takes some fifty times as long, and only a shared code has more to tell.
  const known = others.length > 0 ? parsePhoneNumberFromString(`+${digits}`, { extract: false })?.country : country;
  return known ?? MAIN_COUNTRY[code] ?? null;
}
