import { describe, expect, it } from '@jest/globals';
import { fromCursor, toCursor } from './cursor.js';

describe('cursor', () => {
  it('leads back to its id', () => {
    const id = '0193525e-7b3a-7c1d-8e2f-0a1b2c3d4e5f';
    expect(toCursor(id)).toMatch(/^[\w-]{22}$/);
    expect(fromCursor(toCursor(id))).toBe(id);
  });

  it.each(['', 'abc', 'a'.repeat(23), "' OR 1=1 --", '{}'])('%s is none', (text) =>
    expect(fromCursor(text)).toBeNull(),
  );
});
