import type { Database } from '#persistence';
import type { PairLimit } from './domain/pair-bucket.js';
import { reserveSlots, type SlotAnswers, type SlotAsk } from './domain/reserve-slots.js';
import type { PaceStore } from './pace-store.js';
import { forgetFullBuckets, lockLane, readBuckets, writePace } from './queries/pace.query.js';

/** The pace in unlogged tables, where no Redis is configured: one short transaction an ask, by the clock of Postgres. */
export class PostgresPaceStore implements PaceStore {
  constructor(
    private readonly database: Database,
    private readonly pairLimit: PairLimit,
  ) {}

  async reserve(lane: string, ask: SlotAsk): Promise<SlotAnswers> {
    const pairs = [...new Set(ask.pairs)].filter((pair) => pair !== null);
    return this.database.transaction(async (tx) => {
      const locked = await lockLane(tx, lane);
      const buckets = pairs.length === 0 ? new Map() : await readBuckets(tx, pairs);
      const { answers, againMs, ...next } = reserveSlots(locked.lane, buckets, ask, locked.nowMs);
      await writePace(tx, lane, next.lane, next.buckets);
      return { answers, againMs };
    });
  }

  async tidy(): Promise<void> {
    await forgetFullBuckets(this.database, this.pairLimit);
  }
}
