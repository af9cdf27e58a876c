import { describe, expect, it } from '@jest/globals';
import { countOutcome, type LaneCount, type LaneSign, signOf } from './lane-breaker.js';

describe('what an outcome says of its lane', () => {
  it.each<[string, number | null, LaneSign]>([
    ['accepted', 200, 'good'],
    ['uncertain', null, 'bad'],
    ['uncertain', 200, 'bad'],
    ['rejected_retryable', 500, 'bad'],
    ['rejected_retryable', 400, 'good'],
    ['rejected_permanent', 400, 'good'],
    ['rejected_permanent', null, 'none'],
    ['throttled', 400, 'good'],
    ['not_sent', null, 'none'],
  ])('%s %s: %s', (attempt, httpStatus, sign) => expect(signOf({ attempt, httpStatus })).toBe(sign));
});

/** Counts these signs one after the other. @returns the steps, and after how many signs each came */
function run(signs: LaneSign[], isOpen = false) {
  let count: LaneCount = { bad: 0, good: 0 };
  const steps: [number, string][] = [];
  signs.forEach((sign, i) => {
    const next = countOutcome(count, sign, isOpen);
    count = next.count;
    if (next.step === null) return;
    isOpen = next.step === 'open';
    steps.push([i + 1, next.step]);
  });
  return steps;
}
const many = (count: number, sign: LaneSign) => Array.from({ length: count }, () => sign);

describe('a breaker', () => {
  it('opens after 20 bad outcomes in a row', () => {
    expect(run(many(19, 'bad'))).toEqual([]);
    expect(run(many(40, 'bad'))).toEqual([[20, 'open']]);
    expect(run([...many(19, 'bad'), 'good', ...many(19, 'bad')])).toEqual([]);
    expect(run([...many(19, 'bad'), 'none', 'bad'])).toEqual([[21, 'open']]);
  });

  it('closes after 3 good outcomes in a row', () => {
    expect(run(['good', 'good', 'bad', 'good', 'good', 'none', 'good'], true)).toEqual([[7, 'close']]);
    expect(run(many(10, 'good'))).toEqual([]);
  });
});
