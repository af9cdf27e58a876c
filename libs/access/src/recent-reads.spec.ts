import { describe, expect, it } from '@jest/globals';
import { RecentReads } from './recent-reads.js';

function setup({ maxEntries = 10 } = {}) {
  let time = 0;
  let reads = 0;
  const recent = new RecentReads<string>({ ttlMs: 100, maxEntries, now: () => time });
  return {
    recent,
    read: (key: string, answer: string | null = key) =>
      recent.get(key, () => {
        reads += 1;
        return Promise.resolve(answer);
      }),
    pass: (ms: number) => (time += ms),
    reads: () => reads,
  };
}

describe('RecentReads', () => {
  it('reads once within its time, and again after it', async () => {
    const { read, pass, reads } = setup();
    await read('a');
    pass(99);
    expect(await read('a')).toBe('a');
    expect(reads()).toBe(1);
    pass(1);
    await read('a');
    expect(reads()).toBe(2);
  });

  it('shares one read between those who come together', async () => {
    const { read, reads } = setup();
    expect(await Promise.all([read('a'), read('a'), read('a')])).toEqual(['a', 'a', 'a']);
    expect(reads()).toBe(1);
  });

  it('keeps no null', async () => {
    const { read, reads } = setup();
    await read('a', null);
    expect(await read('a', 'now there')).toBe('now there');
    expect(reads()).toBe(2);
  });

  it('keeps no failure', async () => {
    const { recent, read } = setup();
    await expect(recent.get('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await read('a')).toBe('a');
  });

  it('never holds more than its bound', async () => {
    const { read, reads } = setup({ maxEntries: 2 });
    await read('a');
    await read('b');
    await read('c');
    await read('c');
    await read('b');
    expect(reads()).toBe(3);
    await read('a');
    expect(reads()).toBe(4);
  });

  it('forgets all on clear, also what is still being read', async () => {
    const { recent, read, reads } = setup();
    const slow = read('a');
    recent.clear();
    await slow;
    await read('a');
    expect(reads()).toBe(2);
  });
});
