import { describe, expect, it } from '@jest/globals';
import { fetchAgainAfter, hexOf, inboundMediaOf } from './inbound-media.js';

const HEX = 'b29814cf5792e684cd75d6a7fce7a67a11887e312f87ca2ac2496d81f365ff72';
const BASE64 = Buffer.from(HEX, 'hex').toString('base64');

describe('the file of a message', () => {
  it.each([
    [
      'with all that Meta says',
      { type: 'document', document: { id: '7', mime_type: 'application/pdf', sha256: BASE64, filename: 'a.pdf' } },
      { kind: 'document', metaId: '7', mimeType: 'application/pdf', sha256: HEX, filename: 'a.pdf' },
    ],
    [
      'with its id alone',
      { type: 'sticker', sticker: { id: '7' } },
      { kind: 'sticker', metaId: '7', mimeType: null, sha256: null, filename: null },
    ],
    ['of another type', { type: 'text', image: { id: '7' } }, null],
    ['without an id', { type: 'image', image: {} }, null],
    ['with an id that is none', { type: 'image', image: { id: '../x' } }, null],
    ['that is missing', { type: 'image' }, null],
  ])('%s', (_what, raw, media) => expect(inboundMediaOf(raw)).toEqual(media));
});

it.each([
  [HEX.toUpperCase(), HEX],
  [BASE64, HEX],
  ['abc', null],
  [null, null],
])('the hash %s is %s', (given, hex) => expect(hexOf(given)).toBe(hex));

it.each([
  [1, 0.5, 2_000],
  [3, 0, 6_000],
  [3, 1, 10_000],
  [100, 0.5, 3_600_000],
])('after try %d (%d) it waits %d ms', (tries, random, wait) => expect(fetchAgainAfter(tries, random)).toBe(wait));
