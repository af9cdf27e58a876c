import type { Priority } from '#messages';

/** How a priority may take slots of its lane. */
export interface Reach {
  /** It takes slots that lie this far ahead, ms. */
  reachMs: number;
  /** By its guaranteed share it takes them this far ahead, whoever filled what is nearer, ms. */
  farMs: number;
  /** Part of the lane's slots that is its own while others wait too. */
  share: number;
}

/**
 * Part of a lane's pace that each priority has whatever the others do: urgent is never starved by a flood of bulk, nor bulk by
 * a flood of urgent. What nobody claims goes to whoever reaches furthest.
 */
export const SHARES: Readonly<Record<Priority, number>> = { urgent: 0.5, standard: 0.3, bulk: 0.2 };

/** Parts of the time that slots are given ahead: a flood of one priority fills no more than that, and leaves the next one room. */
const REACH: Readonly<Record<Priority, number>> = { urgent: 0.75, standard: 0.5, bulk: 0.25 };
/**
 * The same for a message that the feeder did not choose: it goes at once while its own priority waits for nothing, and else
 * takes its turn with the others.
 */
const REACH_UNFED: Readonly<Record<Priority, number>> = { urgent: 0.55, standard: 0.3, bulk: 0.05 };

/** @param aheadMs how far ahead slots are given at most */
export const reachOf = (priority: Priority, { isFed, aheadMs }: { isFed: boolean; aheadMs: number }): Reach => ({
  reachMs: (isFed ? REACH : REACH_UNFED)[priority] * aheadMs,
  farMs: isFed ? aheadMs : 0,
  share: SHARES[priority],
});
