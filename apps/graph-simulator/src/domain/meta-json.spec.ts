import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readFixture } from '../fixtures.js';
import { toMetaJson } from './meta-json.js';

interface SignatureVector {
  app_secret: string;
  raw_body: string;
  x_hub_signature_256: string;
}

const vectors = readFixture<SignatureVector[]>('webhooks/signature_vectors.json');

describe('toMetaJson', () => {
  it.each(vectors)(
    'writes the bytes that were signed: $x_hub_signature_256',
    ({ app_secret, raw_body, x_hub_signature_256 }) => {
      const written = toMetaJson(JSON.parse(raw_body));
      expect(written).toBe(raw_body);
      expect(`sha256=${createHmac('sha256', app_secret).update(written).digest('hex')}`).toBe(x_hub_signature_256);
    },
  );

  it('is other text than plain JSON, and the same value', () => {
    const value = { text: 'Grüße / 🙂' };
    expect(toMetaJson(value)).toBe('{"text":"Gr\\u00fc\\u00dfe \\/ \\ud83d\\ude42"}');
    expect(JSON.parse(toMetaJson(value))).toEqual(value);
  });
});
