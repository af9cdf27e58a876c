/** A calendar day, `2026-10-01`, in the time zone of a WABA. */
export type LocalDate = string;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The day that an instant falls on in an IANA time zone. @throws RangeError for a zone that does not exist */
export function localDate(at: Date, timeZone: string): LocalDate {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return format.format(at);
}

/** The first day of a day's month: the unit of volume tiers. */
export const monthOf = (day: LocalDate): LocalDate => `${day.slice(0, 7)}-01`;

/** Whether a text is a day that exists; Postgres has no year 0. */
export function isLocalDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** The day that is so many days after another, or before it. */
export function addDays(day: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The first instant of a day in a time zone, to the second: midnight, or what comes after it when clocks skip it. */
export function startOfDay(day: LocalDate, timeZone: string): Date {
  const utc = Date.parse(`${day}T00:00:00Z`);
  let [before, at] = [utc - FARTHEST_ZONE_MS, utc + FARTHEST_ZONE_MS];
  while (at - before > SECOND_MS) {
    const middle = before + Math.floor((at - before) / 2 / SECOND_MS) * SECOND_MS;
    if (localDate(new Date(middle), timeZone) >= day) at = middle;
    else before = middle;
  }
  return new Date(at);
}

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
/** No zone is more than 14 hours ahead of UTC, or behind it. */
const FARTHEST_ZONE_MS = 15 * 3_600_000;
