import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { heraldWamid, messageIdOfWamid } from './herald-wamid.js';

describe('the id that the drop-in API gives', () => {
  it('is computed from the UUID, and back', () => {
    const id = '0193f0a4-5b6c-7d8e-9f00-112233445566';
    expect(heraldWamid(id)).toBe(
      `wamid.${Buffer.from('484552414c44310193f0a45b6c7d8e9f00112233445566', 'hex').toString('base64')}`,
    );
    fc.assert(fc.property(fc.uuid(), (uuid) => expect(messageIdOfWamid(heraldWamid(uuid))).toBe(uuid)));
  });

  it('is not read into anything else', () => {
    for (const text of [
      'wamid.HBgLMTU1NTAxMDAwMDEVAgASGBQzQUM5MkVDM0I1QTgyMjVFNEU3RQA=',
      'wamid.',
      '0193f0a4-5b6c-7d8e-9f00-112233445566',
      heraldWamid('0193f0a4-5b6c-7d8e-9f00-112233445566').slice('wamid.'.length),
      `wamid.${Buffer.from('HERALD1short').toString('base64')}`,
    ])
      expect(messageIdOfWamid(text)).toBeNull();
  });
});
