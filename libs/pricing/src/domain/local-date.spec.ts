import { describe, expect, it } from '@jest/globals';
import { addDays, isLocalDate, localDate, monthOf, startOfDay } from './local-date.js';

describe('days', () => {
  it.each([
    ['2026-11-29', 'UTC', '2026-11-29T00:00:00.000Z'],
    ['2026-10-01', 'America/Sao_Paulo', '2026-10-01T03:00:00.000Z'],
    ['2026-10-01', 'Asia/Kathmandu', '2026-09-30T18:15:00.000Z'],
    ['2026-10-01', 'Pacific/Kiritimati', '2026-09-30T10:00:00.000Z'],
    ['2026-10-01', 'Etc/GMT+12', '2026-10-01T12:00:00.000Z'],
    // Clocks go from 23:59:59 to 01:00:00 there.
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ])('%s begins in %s at %s', (day, zone, instant) => {
    const start = startOfDay(day, zone);
    expect(start.toISOString()).toBe(instant);
    expect(localDate(start, zone)).toBe(day);
    expect(localDate(new Date(start.getTime() - 1_000), zone)).toBe(addDays(day, -1));
  });

  it('follow each other over months and leap days', () => {
    expect([addDays('2026-12-31', 1), addDays('2028-02-28', 1), addDays('2026-03-01', -1)]).toEqual([
      '2027-01-01',
      '2028-02-29',
      '2026-02-28',
    ]);
    expect(monthOf('2026-10-31')).toBe('2026-10-01');
  });

  it.each([
    ['2026-02-28', true],
    ['2026-02-30', false],
    ['2026-2-3', false],
    ['0000-01-01', false],
  ])('%s is one: %s', (text, is) => expect(isLocalDate(text)).toBe(is));
});
