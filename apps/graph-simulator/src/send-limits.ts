import { SlidingWindow } from './domain/sliding-window.js';
import { isFull, takeToken } from './domain/token-bucket.js';
import type { Bucket, BucketLimit } from './domain/token-bucket.js';

/** What the limits are at the moment; 0 lifts one. */
export interface LimitSettings {
  throughputPerSecond: number;
  throughputCountsInbound: boolean;
  pairCapacity: number;
  pairRefillMs: number;
}

/** Full buckets are forgotten when more than this many pairs are known. */
const MAX_PAIRS = 50_000;

const SECOND_MS = 1_000;

/** Meta's two sending limits: messages in any second of a phone number, in and out together, and messages to one recipient. */
export class SendLimits {
  private readonly numbers = new Map<string, SlidingWindow>();
  private readonly pairs = new Map<string, Bucket>();

  constructor(private readonly settings: () => LimitSettings) {}

  /** Counts one send of a phone number at `now` (ms); false when its throughput is used up (130429), which counts nothing. */
  takeThroughput(phoneNumberId: string, now: number): boolean {
    const { throughputPerSecond } = this.settings();
    if (throughputPerSecond === 0) return true;
    const number = this.number(phoneNumberId);
    if (number.count(now) >= throughputPerSecond) return false;
    number.add(now);
    return true;
  }

  /** Counts one message that a customer sent to a phone number at `now` (ms): it leaves less for sends. */
  countInbound(phoneNumberId: string, now: number): void {
    const { throughputPerSecond, throughputCountsInbound } = this.settings();
    if (throughputPerSecond > 0 && throughputCountsInbound) this.number(phoneNumberId).add(now);
  }

  /** Counts one message to a recipient at `now` (ms); false when the pair has had too many (131056). */
  takePair(phoneNumberId: string, contact: string, now: number): boolean {
    const { pairCapacity, pairRefillMs } = this.settings();
    if (pairCapacity === 0) return true;
    const limit = { capacity: pairCapacity, refillMs: pairRefillMs };
    if (this.pairs.size > MAX_PAIRS) forgetFull(this.pairs, limit, now);
    return take(this.pairs, `${phoneNumberId}:${contact}`, limit, now);
  }

  /** Nothing was sent. */
  clear(): void {
    this.numbers.clear();
    this.pairs.clear();
  }

  private number(phoneNumberId: string): SlidingWindow {
    let number = this.numbers.get(phoneNumberId);
    if (number === undefined) this.numbers.set(phoneNumberId, (number = new SlidingWindow(SECOND_MS)));
    return number;
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
