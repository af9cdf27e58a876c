/** The longest range of a report. */
export const MAX_REPORT_DAYS = 366;

/** The longest range of a report that is counted row by row, because nothing is rolled up for it: by tag, and of windows. */
export const MAX_COUNTED_DAYS = 31;

/** A range of days that no report can have. */
export class ReportRangeError extends Error {
  readonly code = 'report_range_invalid';
  constructor(
    readonly field: 'from' | 'to',
    problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}

const DAY_MS = 86_400_000;

/** Checks a range of days, both ends inclusive. @throws ReportRangeError */
export function checkRange(from: string, to: string, maxDays = MAX_REPORT_DAYS): void {
  for (const [field, day] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (!isDay(day)) throw new ReportRangeError(field, `must be a day such as 2026-11-01; it is "${day}"`);
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1) throw new ReportRangeError('to', `must not be before from, ${from}; it is ${to}`);
  if (days > maxDays)
    throw new ReportRangeError('to', `must be at most ${maxDays} days from ${from} on; it is day ${days}`);
}

/** Postgres has no year 0. */
function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
