import { describe, expect, it } from '@jest/globals';
import { median, quantiles, resultOf } from './figures.mjs';

const run = (value, p99 = 10) => ({ value, p50: 1, p95: 5, p99 });

describe('figures of a bench', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
  ])('takes the middle of %j', (values, expected) => expect(median(values)).toBe(expected));

  it('takes quantiles by nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(quantiles(values)).toEqual({ p50: 50, p95: 95, p99: 99 });
    expect(quantiles([])).toEqual({ p50: null, p95: null, p99: null });
  });

  it('compares medians, so that one slow run of three changes nothing', () => {
    const result = resultOf('send', {
      unit: 'messages/s',
      ours: [run(2_000), run(10), run(2_100)],
      floors: [run(1_000), run(1_000), run(9_000)],
      target: { ratio: 2 },
    });
    expect(result).toMatchObject({ value: 2_000, floor: 1_000, ratio: 2, met: true, target: '≥ 2 × floor' });
  });

  it.each([
    ['a ratio', { ratio: 2.1 }, false],
    ['a ratio that is enough', { ratioAtMost: 1.9 }, false],
    ['a ratio below that', { ratioAtMost: 2 }, true],
    ['a value', { atLeast: 2_000 }, true],
    ['a most', { atMost: 1_999 }, false],
    ['a p99', { atLeast: 1, p99AtMost: 9 }, false],
    ['the p99 of the floor', { ratio: 1, p99OfFloor: true }, true],
  ])('judges by %s', (_, target, met) => {
    const runs = { unit: 'messages/s', ours: [run(2_000)], floors: [run(1_000)] };
    expect(resultOf('x', { ...runs, target }).met).toBe(met);
  });

  it('judges nothing where nothing is aimed at', () => {
    expect(resultOf('x', { unit: 's', ours: [run(1)] })).toMatchObject({ met: null, ratio: null, target: 'no aim' });
  });
});
