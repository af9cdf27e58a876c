import { describe, expect, it } from '@jest/globals';
import { WakeBudget } from './wake-budget.js';

describe('WakeBudget', () => {
  it('gives each lane so much a second', () => {
    const budget = new WakeBudget(10);
    expect(budget.take('1', 8, 0)).toBe(true);
    expect(budget.take('1', 3, 100)).toBe(false);
    expect(budget.take('1', 2, 200)).toBe(true);
    expect(budget.take('2', 10, 300)).toBe(true);
    expect(budget.take('1', 1, 999)).toBe(false);
    expect(budget.take('1', 10, 1_000)).toBe(true);
  });
});
