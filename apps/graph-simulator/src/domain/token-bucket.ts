/** What is left in a bucket, and when that was true (ms). */
export interface Bucket {
  tokens: number;
  at: number;
}

/** `capacity` tokens at most; one comes back every `refillMs`. */
export interface BucketLimit {
  capacity: number;
  refillMs: number;
}

/** Takes one token at `now` (ms) if there is one, and says whether there was. A missing bucket is a full one. */
export function takeToken(
  bucket: Bucket | undefined,
  limit: BucketLimit,
  now: number,
): { taken: boolean; bucket: Bucket } {
  const tokens = tokensAt(bucket, limit, now);
  return tokens < 1
    ? { taken: false, bucket: { tokens, at: now } }
    : { taken: true, bucket: { tokens: tokens - 1, at: now } };
}

/** Whether the bucket has filled up again by `now`, so that forgetting it changes nothing. */
export function isFull(bucket: Bucket, limit: BucketLimit, now: number): boolean {
  return tokensAt(bucket, limit, now) >= limit.capacity;
}

function tokensAt(bucket: Bucket | undefined, limit: BucketLimit, now: number): number {
  if (bucket === undefined) return limit.capacity;
  const refilled = Math.max(0, now - bucket.at) / limit.refillMs;
  return Math.min(limit.capacity, bucket.tokens + refilled);
}
