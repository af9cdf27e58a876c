/** What one recipient may get from one sender: `capacity` at once, then one each `refillMs`. */
export interface PairLimit {
  capacity: number;
  refillMs: number;
  /** A token that was taken is used up to this much later: what refills a full bucket counts from then, ms. */
  marginMs: number;
}

/** Tokens that a bucket holds at a moment, which may lie ahead; fewer than none: so many messages are in line for them. */
export interface PairBucket {
  tokens: number;
  atMs: number;
}

/** Either a token was taken, or the message is in line and has one `afterMs` from now. Both are in `bucket`. */
export interface PairAnswer {
  bucket: PairBucket;
  afterMs: number;
}

/**
 * Takes a token, or the next one that will be there: whoever comes later stands behind, and each in line has a moment of its
 * own, so that none of them asks in vain. A bucket that is not known is full.
 */
export function takePairToken(
  known: PairBucket | null,
  { capacity, refillMs, marginMs }: PairLimit,
  nowMs: number,
): PairAnswer {
  const tokens =
    known === null ? capacity : Math.min(capacity, known.tokens + Math.max(0, nowMs - known.atMs) / refillMs);
  const left = tokens - 1;
  const atMs = Math.max(known?.atMs ?? nowMs, tokens >= capacity - 1 ? nowMs + marginMs : nowMs);
  return { bucket: { tokens: left, atMs }, afterMs: left >= 0 ? 0 : atMs - nowMs - left * refillMs };
}
