import { describe, expect, it } from '@jest/globals';
import { checkRange } from './report-range.js';

describe('checkRange', () => {
  it.each([
    ['2026-11-01', '2026-11-01'],
    ['2026-11-01', '2026-11-30'],
    ['2025-11-27', '2026-11-27'],
  ])('takes %s to %s', (from, to) => expect(() => checkRange(from, to)).not.toThrow());

  it.each([
    ['2026-11-31', '2026-12-01', 'from must be a day such as 2026-11-01; it is "2026-11-31"'],
    ['0000-01-01', '0000-01-02', 'from must be a day such as 2026-11-01; it is "0000-01-01"'],
    ['2026-11-01', 'soon', 'to must be a day such as 2026-11-01; it is "soon"'],
    ['2026-11-02', '2026-11-01', 'to must not be before from, 2026-11-02; it is 2026-11-01'],
    ['2025-11-26', '2026-11-27', 'to must be at most 366 days from 2025-11-26 on; it is day 367'],
  ])('refuses %s to %s', (from, to, problem) => expect(() => checkRange(from, to)).toThrow(problem));
});
