import { describe, expect, it } from '@jest/globals';
import { feedWindow, laneRate, pacedRate } from './lane-rate.js';

describe('pacedRate', () => {
  it.each([
    [80, 70],
    [20, 17],
    [1_000, 875],
    [10, 8],
    [1, 1],
  ])('of %i messages a second that Meta allows is %i: what comes in counts too', (limit, rate) => {
    expect(pacedRate(limit)).toBe(rate);
  });
});

describe('laneRate', () => {
  const lane = { throughputLimit: 80, limitsMet: 0, isBroken: false };
  const options = { probeIntervalMs: 5_000 };

  it.each([
    ['usual', {}, 1_000 / 70],
    ['lower after a limit was met', { limitsMet: 1 }, 1_000 / 56],
    ['lower still after it was met again and again', { limitsMet: 4 }, 1_000 / (70 * 0.8 ** 4)],
    ['one a second at least', { limitsMet: 99 }, 1_000],
    ['one probe while its breaker is open', { isBroken: true, limitsMet: 1 }, 5_000],
  ])('is %s', (_name, condition, intervalMs) => {
    expect(laneRate({ ...lane, ...condition }, options).intervalMs).toBeCloseTo(intervalMs, 6);
  });

  it('allows no burst to a lane that is probed, and but a few messages to another', () => {
    expect(laneRate({ ...lane, isBroken: true }, options).burstMs).toBe(0);
    const { burstMs, intervalMs } = laneRate(lane, options);
    expect(burstMs / intervalMs).toBeLessThan(5);
  });
});

describe('feedWindow', () => {
  it.each([
    [1_000 / 70, 140],
    [1_000 / 17, 34],
    [5_000, 1],
  ])('of an interval of %f ms is %i messages', (intervalMs, window) => {
    expect(feedWindow({ intervalMs, burstMs: 0 }, 2_000)).toBe(window);
  });
});
