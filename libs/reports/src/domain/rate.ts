/** A part of a whole, to four digits after the point; null when there is nothing to be a part of. */
export const rate = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
