import { describe, expect, it } from '@jest/globals';
import { addMonths, isMonth, keptFrom, monthOf, monthsBefore } from './months.js';

describe('a month', () => {
  it.each([
    ['2026-11-30T23:59:59.999Z', '2026-11'],
    ['2026-12-01T00:00:00.000Z', '2026-12'],
    ['2026-12-01T00:30:00.000+01:00', '2026-11'],
  ])('of %s is %s', (at, month) => {
    expect(monthOf(new Date(at))).toBe(month);
  });

  it.each([
    ['2026-11', 1, '2026-12'],
    ['2026-11', 3, '2027-02'],
    ['2026-01', -1, '2025-12'],
    ['2026-03', -14, '2025-01'],
  ])('%s and %i is %s', (month, count, expected) => {
    expect(addMonths(month, count)).toBe(expected);
  });

  it.each([
    ['2026-11', true],
    ['2026-13', false],
    ['2026-00', false],
    ['2026-1', false],
    ['2026-11-01', false],
    ['0026-11', false],
  ])('%s: %s', (text, expected) => {
    expect(isMonth(text)).toBe(expected);
  });
});

describe('retention', () => {
  it.each([
    ['2026-11-01T00:00:00Z', 3, '2026-08'],
    ['2026-11-30T23:59:59Z', 3, '2026-08'],
    ['2027-01-31T12:00:00Z', 12, '2026-01'],
  ])('at %s of %i months keeps from %s on', (now, months, expected) => {
    expect(keptFrom(months, new Date(now))).toBe(expected);
  });

  it('lets go of the oldest first, and of none that is kept', () => {
    const months = ['2026-10', '2026-07', '2025-12', '2026-08', '2026-06'];
    expect(monthsBefore(months, '2026-08')).toEqual(['2025-12', '2026-06', '2026-07']);
  });
});
