import { isFull, takeToken } from './domain/token-bucket.js';
import type { Bucket, BucketLimit } from './domain/token-bucket.js';

/** What the limits are at the moment; 0 lifts one. */
export interface LimitSettings {
  throughputPerSecond: number;
  pairCapacity: number;
  pairRefillMs: number;
}

/** Full buckets are forgotten when more than this many pairs are known. */
const MAX_PAIRS = 50_000;

/** Meta's two sending limits: messages a second of a phone number, and messages to one recipient. */
export class SendLimits {
  private readonly numbers = new Map<string, Bucket>();
  private readonly pairs = new Map<string, Bucket>();

  constructor(private readonly settings: () => LimitSettings) {}

  /** Counts one send of a phone number at `now` (ms); false when its throughput is used up (130429). */
  takeThroughput(phoneNumberId: string, now: number): boolean {
    const { throughputPerSecond } = this.settings();
    if (throughputPerSecond === 0) return true;
    return take(
      this.numbers,
      phoneNumberId,
      { capacity: throughputPerSecond, refillMs: 1000 / throughputPerSecond },
      now,
    );
  }

  /** Counts one message to a recipient at `now` (ms); false when the pair has had too many (131056). */
  takePair(phoneNumberId: string, contact: string, now: number): boolean {
    const { pairCapacity, pairRefillMs } = this.settings();
    if (pairCapacity === 0) return true;
    const limit = { capacity: pairCapacity, refillMs: pairRefillMs };
    if (this.pairs.size > MAX_PAIRS) forgetFull(this.pairs, limit, now);
    return take(this.pairs, `${phoneNumberId}:${contact}`, limit, now);
  }

  /** All buckets are full again. */
  clear(): void {
    this.numbers.clear();
    this.pairs.clear();
  }
}

function take(buckets: Map<string, Bucket>, key: string, limit: BucketLimit, now: number): boolean {
  const { taken, bucket } = takeToken(buckets.get(key), limit, now);
  buckets.set(key, bucket);
  return taken;
}

function forgetFull(buckets: Map<string, Bucket>, limit: BucketLimit, now: number): void {
  for (const [key, bucket] of buckets) if (isFull(bucket, limit, now)) buckets.delete(key);
}
