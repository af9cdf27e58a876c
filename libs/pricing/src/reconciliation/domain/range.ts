import { addDays, isLocalDate, localDate, type LocalDate } from '../../domain/local-date.js';

/** Days of an account's time zone, both inclusive. */
export interface DayRange {
  from: LocalDate;
  to: LocalDate;
}

/** What has settled is compared again for a week: statuses come late, and Meta mends its figures. */
const DAYS = 7;
/** How long after its end Meta's figures of a day count as whole, ms. */
const SETTLES_MS = 6 * 3_600_000;
/** The most days of one comparison. */
export const MAX_COMPARED_DAYS = 92;
/** Before it Meta billed conversations, of which `pricing_analytics` knows nothing. */
const FIRST_DAY = '2025-07-01';

/** The days that are compared every day. */
export function settledDays(now: Date, timeZone: string): DayRange {
  const to = addDays(localDate(new Date(now.getTime() - SETTLES_MS), timeZone), -1);
  return { from: addDays(to, 1 - DAYS), to };
}

/** A range of days that cannot be compared. */
export class ReconciliationRangeError extends Error {
  readonly code = 'reconciliation_range_invalid';
  constructor(
    readonly field: 'from' | 'to',
    problem: string,
  ) {
    super(`${field} ${problem}`);
  }
}

/** @throws ReconciliationRangeError that names the day and its limit */
export function checkDays({ from, to }: DayRange): void {
  for (const [field, day] of Object.entries({ from, to }) as ['from' | 'to', string][])
    if (!isLocalDate(day))
      throw new ReconciliationRangeError(field, `must be a day such as 2026-11-01; it is "${day}"`);
  if (from < FIRST_DAY)
    throw new ReconciliationRangeError(
      'from',
      `must not be before ${FIRST_DAY}, since when Meta bills by message; it is ${from}`,
    );
  if (to < from) throw new ReconciliationRangeError('to', `must not be before from, ${from}; it is ${to}`);
  const last = addDays(from, MAX_COMPARED_DAYS - 1);
  if (to > last)
    throw new ReconciliationRangeError(
      'to',
      `must be at most ${MAX_COMPARED_DAYS} days from ${from} on, until ${last}; it is ${to}`,
    );
}
