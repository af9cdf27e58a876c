import { describe, expect, it } from '@jest/globals';
import { fromInboundCursor, toInboundCursor } from './inbound-cursor.js';

const place = { sentAt: new Date('2026-11-22T12:00:00.250Z'), wamid: 'wamid.HBg=' };
const encode = (text: string) => Buffer.from(text).toString('base64url');

describe('the cursor of messages of contacts', () => {
  it('leads back to its place', () => {
    expect(fromInboundCursor(toInboundCursor(place))).toEqual(place);
  });

  it.each([
    ['any text', 'hello'],
    ['the cursor of messages of ours', 'AZqf3hYSdKSgxM2yzVJ3Bw'],
    ['no time', encode('now wamid.1')],
    ['no wamid', encode('1790856000000 ')],
    ['a control character', encode('1790856000000 a\u0000b')],
    ['an endless wamid', encode(`1790856000000 ${'x'.repeat(513)}`)],
    ['other letters behind it', `${toInboundCursor(place)}=`],
  ])('is not %s', (_name, cursor) => {
    expect(fromInboundCursor(cursor)).toBeNull();
  });
});
