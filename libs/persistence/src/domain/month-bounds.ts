/** Milliseconds that the first 48 bits of a UUIDv7 can say. */
const MOST_MS = 2 ** 48 - 1;

/**
 * The least and the greatest UUID of the months (UTC) that some UUIDv7 ids were made in. `id BETWEEN …` of them lets Postgres plan a
 * look-up by primary key for those partitions alone, and costs nothing for each row; a list of ids would be gone through for each of them.
 */
export function monthBounds(ids: readonly string[]): [string, string] {
  let [first, last] = [MOST_MS, 0];
  for (const id of ids) {
    const ms = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
    if (ms < first) first = ms;
    if (ms > last) last = ms;
  }
  if (first > last) return [prefixed(0, '0'), prefixed(0, '0')];
  return [prefixed(monthStart(first, 0), '0'), prefixed(Math.min(monthStart(last, 1) - 1, MOST_MS), 'f')];
}

function monthStart(ms: number, monthsLater: number): number {
  const day = new Date(ms);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + monthsLater);
}

function prefixed(ms: number, fill: '0' | 'f'): string {
  const hex = ms.toString(16).padStart(12, '0') + fill.repeat(20);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
