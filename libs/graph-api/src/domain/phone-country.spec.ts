import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { phoneCountry } from './phone-country.js';

describe('phoneCountry', () => {
  it.each([
    ['12025550123', 'US'],
    ['14165550123', 'CA'],
    ['15550100001', 'NANP'],
    ['5215512345678', 'MX'],
    ['525512345678', 'MX'],
    ['5511987654321', 'BR'],
    ['551187654321', 'BR'],
    ['4915112345678', 'DE'],
    ['447400123456', 'GB'],
    ['447781123456', 'GG'],
    ['440000000', 'GB'],
    ['70000000', 'RU'],
    ['77012345678', 'KZ'],
    ['99912345678', null],
    ['0015550100001', null],
    ['8881234567', null],
  ])('%s: %s', (digits, country) => expect(phoneCountry(digits)).toBe(country));

  it('does not say otherwise than a closer look, of any code', () => {
    const digits = fc
      .tuple(fc.integer({ min: 1, max: 999 }), fc.stringMatching(/^\d{6,12}$/))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(digits, (number) => {
        const closer = parsePhoneNumberFromString(`+${number}`, { extract: false })?.country;
        expect(phoneCountry(number)).toBe(closer ?? phoneCountry(number));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes all digits that a recipient may have', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{7,15}$/), (digits) => {
        expect(phoneCountry(digits) ?? 'XX').toMatch(/^[A-Z]{2}$|^NANP$/);
      }),
    );
  });
});
