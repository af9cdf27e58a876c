import { describe, expect, it } from '@jest/globals';
import { checkDays, settledDays } from './range.js';

describe('the days that are compared', () => {
  it.each([
    ['2026-11-29T05:59:59Z', 'UTC', '2026-11-27'],
    ['2026-11-29T06:00:00Z', 'UTC', '2026-11-28'],
    ['2026-11-29T08:59:59Z', 'America/Sao_Paulo', '2026-11-27'],
    ['2026-11-29T09:00:00Z', 'America/Sao_Paulo', '2026-11-28'],
  ])('at %s in %s end with %s', (now, zone, to) => expect(settledDays(new Date(now), zone).to).toBe(to));

  it('are a week', () =>
    expect(settledDays(new Date('2026-11-29T12:00:00Z'), 'UTC')).toEqual({ from: '2026-11-22', to: '2026-11-28' }));

  it.each([
    ['2026-11-31', '2026-12-01', /^from must be a day/],
    ['2025-06-30', '2025-07-01', /^from must not be before 2025-07-01/],
    ['2026-11-02', '2026-11-01', /^to must not be before from/],
    ['2026-01-01', '2026-04-03', /^to must be at most 92 days from 2026-01-01 on, until 2026-04-02; it is 2026-04-03/],
  ])('from %s to %s cannot be', (from, to, why) => expect(() => checkDays({ from, to })).toThrow(why));

  it('may be 92', () => expect(() => checkDays({ from: '2026-01-01', to: '2026-04-02' })).not.toThrow());
});
