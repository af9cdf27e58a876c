const RANKS: Readonly<Record<string, number>> = { sent: 2, failed: 3, delivered: 4, read: 5, played: 6 };

/**
 * How far a message has come: sent 2, failed 3, delivered 4, read 5, played 6. Words that are no step of the way
 * (`deleted`, `warning`, any we do not know) are 0; 1 is left for `accepted`, which is ours.
 */
export function statusRank(status: string): number {
  return Object.hasOwn(RANKS, status) ? RANKS[status]! : 0;
}
