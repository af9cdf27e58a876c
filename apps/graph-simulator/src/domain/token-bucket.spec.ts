import { describe, expect, it } from '@jest/globals';
import { isFull, takeToken } from './token-bucket.js';
import type { Bucket, BucketLimit } from './token-bucket.js';

const PAIR: BucketLimit = { capacity: 45, refillMs: 6000 };

describe('takeToken', () => {
  it.each([
    ['a full pair bucket gives its capacity', PAIR, [0], 45],
    ['one message to a pair comes back every 6 s', PAIR, [0, 6000, 12_000], 47],
    ['an emptied pair bucket is full again after 45 × 6 s', PAIR, [0, 45 * 6000], 90],
    ['and no more than that after an hour', PAIR, [0, 36_000_000], 90],
    ['a clock that goes back gives nothing', PAIR, [10_000, 0], 45],
  ])('%s', (_says, limit, moments, expected) => {
    expect(takeAll(limit, moments)).toBe(expected);
  });
});

describe('isFull', () => {
  it('is true once nothing is missing any more', () => {
    expect(isFull({ tokens: 44, at: 0 }, PAIR, 5999)).toBe(false);
    expect(isFull({ tokens: 44, at: 0 }, PAIR, 6000)).toBe(true);
  });
});

/** Takes all there is at each moment and counts it. */
function takeAll(limit: BucketLimit, moments: number[]): number {
  let bucket: Bucket | undefined;
  let count = 0;
  for (const now of moments) {
    for (let result = takeToken(bucket, limit, now); ; result = takeToken(bucket, limit, now)) {
      bucket = result.bucket;
      if (!result.taken) break;
      count += 1;
    }
  }
  return count;
}
