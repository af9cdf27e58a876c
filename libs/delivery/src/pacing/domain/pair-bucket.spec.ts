import { describe, expect, it } from '@jest/globals';
import { type PairBucket, takePairToken } from './pair-bucket.js';

const LIMIT = { capacity: 45, refillMs: 6_000, marginMs: 2_500 };
/** Takes tokens at these moments. @returns how long each has to wait */
function waits(moments: number[], limit = LIMIT): number[] {
  let bucket: PairBucket | null = null;
  return moments.map((nowMs) => {
    const answer = takePairToken(bucket, limit, nowMs);
    bucket = answer.bucket;
    return answer.afterMs;
  });
}
const times = (count: number, nowMs: number) => Array.from({ length: count }, () => nowMs);

describe('a pair', () => {
  it('gets 45 at once', () => {
    expect(waits(times(45, 1_000))).toEqual(times(45, 0));
  });

  it('then one each 6 s, and each that has to wait has a moment of its own', () => {
    expect(waits(times(49, 1_000)).slice(45)).toEqual([8_500, 14_500, 20_500, 26_500]);
  });

  it('lets nobody who comes later take the turn of one who waits', () => {
    const [, last] = waits([...times(46, 0), 8_400]).slice(-2);
    expect(last).toBe(6_100); // the token of 8,500 is promised
  });

  it('has its tokens again after 45 turns, and never more than 45', () => {
    expect(waits([...times(45, 0), ...times(45, 10_000_000)])).toEqual(times(90, 0));
    expect(waits([...times(45, 0), ...times(46, 10_000_000)]).at(-1)).toBeGreaterThan(0);
  });

  it('stays below Meta’s own count when what was promised leaves up to the margin later', () => {
    const arrivals: number[] = [];
    let bucket: PairBucket | null = null;
    for (let i = 0; i < 400; i += 1) {
      const nowMs = i * 977;
      const answer = takePairToken(bucket, LIMIT, nowMs);
      bucket = answer.bucket;
      arrivals.push(nowMs + answer.afterMs + ((i * 7_919) % 2_000));
    }
    let tokens = 45;
    let at = 0;
    for (const arrival of arrivals.sort((a, b) => a - b)) {
      tokens = Math.min(45, tokens + (arrival - at) / 6_000) - 1;
      at = arrival;
      expect(tokens).toBeGreaterThanOrEqual(0);
    }
  });
});
