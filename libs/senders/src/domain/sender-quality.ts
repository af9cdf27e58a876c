/** What is asked of a dated fact of a sender. */
interface QualityFact {
  kind: string;
  value: string;
  knownAt: Date;
  seenAt: Date;
}

/** How good Meta finds what a number sends: two things that it tells apart from each other, each with its time. */
export interface SenderQuality {
  /** GREEN, YELLOW, RED or UNKNOWN, as it was read last; null: not read yet. No webhook tells it. */
  rating: string | null;
  /** When that was read last. */
  ratingSeenAt: Date | null;
  /** Whether the webhook that came last flagged the number for low quality; null: none came. It may be older than the rating. */
  isFlagged: boolean | null;
  /** Since when, as Meta says. */
  flagKnownAt: Date | null;
}

/** The quality that facts tell of. @param current what counts now, one of each kind */
export function qualityOf(current: readonly QualityFact[]): SenderQuality {
  const rating = current.find(({ kind }) => kind === 'quality_rating');
  const flag = current.find(({ kind }) => kind === 'quality_flag');
  return {
    rating: rating?.value ?? null,
    ratingSeenAt: rating?.seenAt ?? null,
    isFlagged: flag === undefined ? null : flag.value === 'FLAGGED',
    flagKnownAt: flag?.knownAt ?? null,
  };
}
