import { type CountryCode, getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js';

/** Countries that share a calling code with others and have no number of their own kind to be told by. */
const LARGEST: Readonly<Record<string, CountryCode>> = { '1': 'US', '7': 'RU', '44': 'GB', '39': 'IT' };

/** Numbers that begin alike are of one country, as far as this goes. */
const PREFIX = 7;
const known = new Map<string, string>();

/** The country, ISO 3166, that analytics count a customer under: of a number by its calling code, of a user id as it says. */
export function countryOf(contact: string): string {
  const named = /^([A-Z]{2})\./.exec(contact)?.[1];
  if (named !== undefined) return named;
  const prefix = contact.slice(0, PREFIX);
  const country = known.get(prefix) ?? countryOfNumber(contact);
  known.set(prefix, country);
  return country;
}

function countryOfNumber(digits: string): string {
  const number = parsePhoneNumberFromString(`+${digits}`);
  if (number === undefined) return 'ZZ';
  const { country, countryCallingCode: code } = number;
  return country ?? LARGEST[code] ?? getCountries().find((one) => getCountryCallingCode(one) === code) ?? 'ZZ';
}
