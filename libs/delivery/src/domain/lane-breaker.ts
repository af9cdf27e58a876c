/** What one outcome says of its lane: it does not get through, it does, or nothing. */
export type LaneSign = 'bad' | 'good' | 'none';

/** Outcomes in a row on one lane, as one process has seen them. */
export interface LaneCount {
  bad: number;
  good: number;
}

/** Bad outcomes in a row that open a breaker, and good ones that close it (delivery protocol §7). */
const OPENS_AFTER = 20;
const CLOSES_AFTER = 3;

/** An uncertain attempt, or a 5xx answer, is bad; a request that was not written says nothing of Meta; any other answer is good. */
export function signOf({ attempt, httpStatus }: { attempt: string; httpStatus: number | null }): LaneSign {
  if (attempt === 'not_sent' || (attempt === 'rejected_permanent' && httpStatus === null)) return 'none';
  return attempt === 'uncertain' || (httpStatus ?? 0) >= 500 ? 'bad' : 'good';
}

/** Counts one more outcome, and says what it means for a breaker that is open or not. */
export function countOutcome(
  { bad, good }: LaneCount,
  sign: LaneSign,
  isOpen: boolean,
): { count: LaneCount; step: 'open' | 'close' | null } {
  const count =
    sign === 'none' ? { bad, good } : sign === 'bad' ? { bad: bad + 1, good: 0 } : { bad: 0, good: good + 1 };
  if (!isOpen && count.bad >= OPENS_AFTER) return { count: { bad: 0, good: 0 }, step: 'open' };
  if (isOpen && count.good >= CLOSES_AFTER) return { count: { bad: 0, good: 0 }, step: 'close' };
  return { count, step: null };
}
