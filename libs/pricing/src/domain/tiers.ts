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

/** The first rate for any volume: what is billed like a tiered category, but without its tiers. */
export const withoutTiers = (tiers: readonly TierRate[]): TierRate[] =>
  tiers.slice(0, 1).map((tier) => ({ ...tier, to: null }));
