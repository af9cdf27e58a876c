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

/** Whether a text is a day that exists. */
export function isLocalDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
