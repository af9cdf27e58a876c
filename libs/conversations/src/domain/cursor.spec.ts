import { describe, expect, it } from '@jest/globals';
import { fromCursor, toCursor } from './cursor.js';

describe('a cursor', () => {
  it('comes back as what it was', () => {
    const mark = { openedAt: new Date('2026-11-22T12:00:00.123Z'), id: '01a223dc-62cc-76c3-9ae9-02eaaea39f87' };
    expect(toCursor(mark)).toMatch(/^[\w-]{32}$/);
    expect(fromCursor(toCursor(mark))).toEqual(mark);
  });

  it.each(['', 'x', 'a'.repeat(33), '*'.repeat(32), '_'.repeat(32), 'f'.repeat(32)])('is not %s', (text) => {
    expect(fromCursor(text)).toBeNull();
  });
});
