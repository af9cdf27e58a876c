/** A rate for the messages from the `from`-th to the `to`-th of a month (both inclusive, from 1; null: without end). */
export interface TierRate {
  from: bigint;
  to: bigint | null;
  rateMicros: bigint;
}

/** The rate of the n-th message of a month, n from 1; undefined when no tier has it. */
export function rateAt(tiers: readonly TierRate[], n: bigint): bigint | undefined {
  return tiers.find(({ from, to }) => from <= n && (to === null || n <= to))?.rateMicros;
}

/** What the first `volume` messages of a month cost together, each at the rate of its tier. */
export function marginalTotal(tiers: readonly TierRate[], volume: bigint): bigint {
  return tiers.reduce((total, { from, to, rateMicros }) => {
    const last = to === null || volume < to ? volume : to;
    return last < from ? total : total + (last - from + 1n) * rateMicros;
  }, 0n);
}
