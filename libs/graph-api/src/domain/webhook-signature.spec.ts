import { describe, expect, it } from '@jest/globals';
import { readFixture } from '../fixtures/read-fixture.js';
import { signWebhook, verifyWebhook } from './webhook-signature.js';

interface Vector {
  app_secret: string;
  raw_body: string;
  x_hub_signature_256: string;
}

const vectors = JSON.parse(readFixture('webhooks', 'signature_vectors.json')) as Vector[];

describe.each(vectors)('signature vector %#', ({ app_secret, raw_body, x_hub_signature_256 }) => {
  const raw = Buffer.from(raw_body);

  it('is made and recognised', () => {
    expect(signWebhook(raw, app_secret)).toBe(x_hub_signature_256);
    expect(verifyWebhook(raw, x_hub_signature_256, [app_secret])).toBe(true);
  });

  it('is recognised while the secret is being replaced', () => {
    expect(verifyWebhook(raw, x_hub_signature_256, ['the new one', app_secret])).toBe(true);
  });

  it('does not fit changed bytes', () => {
    expect(verifyWebhook(Buffer.from(`${raw_body} `), x_hub_signature_256, [app_secret])).toBe(false);
  });
});

it('does not fit JSON that was parsed and written again', () => {
  const { app_secret, raw_body, x_hub_signature_256 } = vectors[1]!;
  const rewritten = Buffer.from(JSON.stringify(JSON.parse(raw_body)));
  expect(verifyWebhook(rewritten, x_hub_signature_256, [app_secret])).toBe(false);
});

describe('verifyWebhook refuses', () => {
  const raw = Buffer.from('{}');
  const good = signWebhook(raw, 'secret');
  it.each([
    ['another secret', good, ['other']],
    ['no secret', good, []],
    ['an empty secret', signWebhook(raw, ''), ['']],
    ['no header', undefined, ['secret']],
    ['a repeated header', [good, good], ['secret']],
    ['an empty header', '', ['secret']],
    ['SHA-1', good.replace('sha256', 'sha1'), ['secret']],
    ['no prefix', good.slice(7), ['secret']],
    ['a short digest', good.slice(0, -2), ['secret']],
    ['a long digest', `${good}00`, ['secret']],
    ['letters that are not hex', `sha256=${'z'.repeat(64)}`, ['secret']],
  ])('%s', (_name, header, secrets) => {
    expect(verifyWebhook(raw, header, secrets)).toBe(false);
  });
});
