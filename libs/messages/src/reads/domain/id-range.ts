/** How far the clocks of app and database may be apart, ms: ids carry the app's, `created_at` the database's. */
const MAX_CLOCK_DIFFERENCE_MS = 60 * 60_000;

/** Ids that messages created within a range of time can have, so that a search need not look at all others. */
export interface IdRange {
  fromId: string | null;
  belowId: string | null;
}

/** The range of UUIDv7 that surely holds every message created between two instants; null leaves a side open. */
export function idsCreatedBetween(after: Date | null, before: Date | null): IdRange {
  return {
    fromId: after && firstIdAt(after.getTime() - MAX_CLOCK_DIFFERENCE_MS),
    belowId: before && firstIdAt(before.getTime() + MAX_CLOCK_DIFFERENCE_MS),
  };
}

/** The least UUID whose first 48 bits are this time; times outside what UUIDv7 can say are cut to it. */
export function firstIdAt(timeMs: number): string {
  const hex = Math.min(Math.max(timeMs, 0), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
