/** How fast a lane may go: one slot each `intervalMs`; slots up to `burstMs` back may still be used. */
export interface LaneRate {
  intervalMs: number;
  burstMs: number;
}

/** What the rate of a lane depends on. */
export interface LaneCondition {
  /** Messages a second that Meta allows the sender, in and out together. */
  throughputLimit: number;
  /** How often in a row a limit has held the lane until a moment ago. */
  limitsMet: number;
  /** Its breaker is open: it is probed, not used. */
  isBroken: boolean;
}

/** Share of what Meta allows: what customers send counts too (80 → 70, 20 → 17). */
const PACED_SHARE = 0.875;
/** Share of the rate at which a lane goes on after a limit was met (delivery protocol §7), and of that after the next one: what customers send may leave it less. */
const RELEASE_SHARE = 0.8;
/** What a short pause of the worker may be made up for, ms: two messages at 70 a second. */
const BURST_MS = 30;

/** Messages a second that a lane sends when Meta allows it `throughputLimit`. */
export const pacedRate = (throughputLimit: number) => Math.max(1, Math.floor(throughputLimit * PACED_SHARE));

export function laneRate(
  { throughputLimit, limitsMet, isBroken }: LaneCondition,
  { probeIntervalMs }: { probeIntervalMs: number },
): LaneRate {
  if (isBroken) return { intervalMs: probeIntervalMs, burstMs: 0 };
  const rate = Math.max(1, pacedRate(throughputLimit) * RELEASE_SHARE ** limitsMet);
  return { intervalMs: 1_000 / rate, burstMs: BURST_MS };
}

/** The most messages that wait for a lane outside of Postgres: what it sends in `aheadMs`, and at least one. */
export const feedWindow = ({ intervalMs }: LaneRate, aheadMs: number) => Math.max(1, Math.floor(aheadMs / intervalMs));
