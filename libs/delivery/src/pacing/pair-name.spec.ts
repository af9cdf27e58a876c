import { describe, expect, it } from '@jest/globals';
import { pairNames } from './pair-name.js';

const key = (byte: number) => `k${byte}:${Buffer.alloc(32, byte).toString('base64')}`;

describe('the name of a pair', () => {
  it('is the same in every process with the same first key, and says nothing of its number', () => {
    const name = pairNames([key(1)])('800000000000001', '15550100101');
    expect(name).toBe(pairNames([key(1), key(2)])('800000000000001', '15550100101'));
    expect(name).not.toContain('15550100101');
    expect(name).toMatch(/^[A-Za-z0-9_-]{22}$/);
  });

  it('differs with the sender, the recipient and the key', () => {
    const names = [
      pairNames([key(1)])('1', '23'),
      pairNames([key(1)])('12', '3'),
      pairNames([key(1)])('1', '24'),
      pairNames([key(2)])('1', '23'),
    ];
    expect(new Set(names).size).toBe(4);
  });
});
