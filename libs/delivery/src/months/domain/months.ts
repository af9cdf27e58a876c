/** A month of UTC, as `2026-11`: what tables that grow with traffic are partitioned by. */
export type Month = string;

/** The month of an instant. */
export const monthOf = (at: Date): Month => at.toISOString().slice(0, 7);

/** The month that comes so many months after another; before it, when negative. */
export function addMonths(month: Month, count: number): Month {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return monthOf(new Date(Date.UTC(year, number - 1 + count)));
}

/** Whether a text names a month. */
export const isMonth = (text: string): boolean => /^[1-9]\d{3}-(0[1-9]|1[0-2])$/.test(text);

/** The first month that is kept: the running one and so many whole months before it are. */
export const keptFrom = (retentionMonths: number, now: Date): Month => addMonths(monthOf(now), -retentionMonths);

/** The months before one, oldest first: a month goes only after all that are older. */
export const monthsBefore = (months: readonly Month[], before: Month): Month[] =>
  months.filter((month) => month < before).sort();
