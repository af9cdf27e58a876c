import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import type { Priority } from '#messages';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { QueueBackend } from '#queues';
import { type LaneCondition, laneRate } from './domain/lane-rate.js';
import type { PairLimit } from './domain/pair-bucket.js';
import { reachOf } from './domain/priority-reach.js';
import type { SlotAnswers } from './domain/reserve-slots.js';
import type { PaceStore } from './pace-store.js';
import { pairNames } from './pair-name.js';
import { PostgresPaceStore } from './postgres-pace-store.js';
import type { DueMessage } from './queries/read-due-messages.query.js';
import { RedisPaceStore } from './redis-pace-store.js';

/** A lane whose pace could not be read is left alone for so long, ms: of a Redis Cluster a part may be away. */
const REST_MS = 1_000;
/** A pair counts as emptied for longer than slots are given ahead: what was promised last has left by then. */
const MARGIN = 1.25;

/** Gives messages their moments on the wire. A guess that Meta corrects: when it cannot be made, messages go without it. */
@Injectable()
export class PaceService {
  readonly pairLimit: PairLimit;
  private readonly store: PaceStore;
  private readonly nameOf: ReturnType<typeof pairNames>;
  /** Of each lane what was read of it last: a message that waits for its slot knows only how its lane was when it came. */
  private readonly conditions = new Map<string, LaneCondition>();
  /** Of each lane that goes without a pace, when it was asked for last. */
  private readonly failedAt = new Map<string, number>();

  constructor(
    backend: QueueBackend,
    database: Database,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {
    const { PAIR_CAPACITY, PAIR_REFILL_MS, PACE_AHEAD_MS, HERALD_ENCRYPTION_KEYS } = environment;
    this.pairLimit = { capacity: PAIR_CAPACITY, refillMs: PAIR_REFILL_MS, marginMs: PACE_AHEAD_MS * MARGIN };
    this.nameOf = pairNames(HERALD_ENCRYPTION_KEYS);
    this.store =
      backend.redis === undefined ? new PostgresPaceStore(database, this.pairLimit) : new RedisPaceStore(backend.redis);
  }

  /** Reserves for messages of one lane, all fed or none, in their order. Never rejects: without a store all may go at once. */
  async reserve(messages: readonly DueMessage[], priority: Priority): Promise<SlotAnswers> {
    const [first] = messages;
    if (first === undefined || this.isResting(first.phoneNumberId)) return unpaced(messages.length);
    const { phoneNumberId: lane } = first;
    try {
      const answers = await this.store.reserve(lane, {
        priority,
        rate: this.rateOf(first),
        reach: reachOf(priority, { isFed: first.isFed, aheadMs: this.environment.PACE_AHEAD_MS }),
        pairLimit: this.pairLimit,
        pairs: messages.map(({ phoneNumberId, recipient, hasPairToken }) =>
          hasPairToken ? null : this.nameOf(phoneNumberId, recipient),
        ),
      });
      if (this.failedAt.delete(lane) && this.failedAt.size === 0) this.logger.info('pace.back');
      return answers;
    } catch (error) {
      if (this.failedAt.size === 0) this.logger.warn('pace.lost', { lane, decision: 'sent without it' }, error);
      this.failedAt.set(lane, performance.now());
      return unpaced(messages.length);
    }
  }

  /** Takes note of the lanes of messages that were just read. */
  note(messages: readonly DueMessage[]): void {
    for (const { phoneNumberId, lane } of messages) this.conditions.set(phoneNumberId, lane);
  }

  /** How fast the lane of a message goes now. */
  rateOf({ phoneNumberId, lane }: DueMessage) {
    const condition = this.conditions.get(phoneNumberId) ?? lane;
    return laneRate(condition, { probeIntervalMs: this.environment.LANE_PROBE_INTERVAL_MS });
  }

  /** Forgets what need not be remembered. Never rejects. */
  async tidy(): Promise<void> {
    for (const lane of this.failedAt.keys()) if (!this.isResting(lane)) this.failedAt.delete(lane);
    await this.store.tidy().catch((error: unknown) => this.logger.warn('pace.not_tidied', {}, error));
  }

  private isResting(lane: string): boolean {
    return performance.now() - (this.failedAt.get(lane) ?? -Infinity) < REST_MS;
  }
}

const unpaced = (count: number): SlotAnswers => ({
  answers: Array.from({ length: count }, () => ({ kind: 'slot', afterMs: 0 }) as const),
  againMs: 0,
});
