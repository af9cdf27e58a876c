import { describe, expect, it } from '@jest/globals';
import { type InboundMessageItem, readFixture, splitNotification } from '#graph-api';
import { inboundOrigin } from './inbound-origin.js';

const ofFixture = (file: string) =>
  inboundOrigin((splitNotification(readFixture('webhooks', `${file}.json`))[0] as InboundMessageItem).raw);

describe('where a message comes from', () => {
  it.each([
    ['message_text', null],
    ['message_text_forwarded', 'forwarded'],
    ['message_text_frequently_forwarded', 'frequently_forwarded'],
  ])('%s: %s', (file, forwarded) => {
    expect(ofFixture(file)).toEqual({ forwarded, referral: null });
  });

  it('is the ad that brought the contact', () => {
    expect(ofFixture('message_text_referral_ad').referral).toMatchObject({
      sourceType: 'ad',
      sourceId: expect.stringMatching(/^\d+$/) as unknown,
      headline: expect.any(String) as unknown,
      ctwaClid: expect.any(String) as unknown,
    });
    expect(ofFixture('message_text_referral_status_ad_video').referral).toMatchObject({ ctwaClid: null });
  });

  it.each([[{}], [{ context: null, referral: 'x' }], [{ context: [], referral: [] }]])(
    'is not known from %j',
    (content) => {
      expect(inboundOrigin(content)).toEqual({ forwarded: null, referral: null });
    },
  );
});
