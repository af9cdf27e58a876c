import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { apiKeyFrom, hashApiKey, keyInHeader } from './api-key.js';

describe('apiKeyFrom', () => {
  it('makes a key, its prefix and its hash', () => {
    const { key, prefix, hash } = apiKeyFrom(Buffer.alloc(32, 255));
    expect(key).toBe(`hk_${'_'.repeat(42)}8`);
    expect(prefix).toBe('hk_______');
    expect(hash).toEqual(createHash('sha256').update(key).digest());
    expect(hashApiKey(key)).toEqual(hash);
  });

  it('makes keys that the header rule reads', () => {
    const { key } = apiKeyFrom(Buffer.alloc(32, 3));
    expect(keyInHeader(`Bearer ${key}`)).toBe(key);
  });

  it('refuses fewer bits', () => expect(() => apiKeyFrom(Buffer.alloc(16))).toThrow(RangeError));
});

describe('keyInHeader', () => {
  const key = 'hk_abcdefghijklmnopqrstuvwxyz';
  it.each([
    [`Bearer ${key}`, key],
    [`bearer ${key}`, key],
    [`Bearer   ${key}`, key],
    [key, null],
    [`Basic ${key}`, null],
    ['Bearer EAAGtoken', null],
    ['Bearer hk_short', null],
    [`Bearer ${key} more`, null],
    [`Bearer hk_${'a'.repeat(300)}`, null],
    ['', null],
    [undefined, null],
  ])('%s', (header, expected) => expect(keyInHeader(header)).toBe(expected));
});
