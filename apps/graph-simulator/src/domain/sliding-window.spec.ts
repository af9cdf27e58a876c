import { describe, expect, it } from '@jest/globals';
import { SlidingWindow } from './sliding-window.js';

describe('SlidingWindow', () => {
  it('counts what happened within its length, wherever a second begins', () => {
    const window = new SlidingWindow(1_000);
    for (const now of [0, 500, 900, 1_000]) window.add(now);
    expect([900, 999, 1_000, 1_499, 1_500, 1_899, 1_900, 2_000].map((now) => window.count(now))).toEqual([
      4, 4, 3, 3, 2, 2, 1, 0,
    ]);
  });

  it('is not confused by a clock that goes back', () => {
    const window = new SlidingWindow(1_000);
    window.add(5_000);
    window.add(1_000);
    expect(window.count(5_500)).toBe(2);
    expect(window.count(6_000)).toBe(0);
  });

  it('goes on for long', () => {
    const window = new SlidingWindow(1_000);
    for (let now = 0; now < 100_000; now += 10) {
      window.add(now);
      expect(window.count(now)).toBe(Math.min(100, now / 10 + 1));
    }
  });
});
