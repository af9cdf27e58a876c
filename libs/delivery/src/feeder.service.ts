import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { Logger } from '#observability';
import { Database } from '#persistence';
import {
  batchIds,
  MAX_JOB_MESSAGES,
  PRIORITIES,
  QueueDepth,
  QueueEpoch,
  sendQueueName,
  type SendQueueName,
  sendQueueNames,
  WakeService,
} from '#queues';
import { FORGET_AFTER_MS } from './domain/hold-policy.js';
import { feedWindow, laneRate } from './pacing/domain/lane-rate.js';
import { SHARES } from './pacing/domain/priority-reach.js';
import {
  feedDueMessages,
  type FedMessage,
  type IdRange,
  readWaitingRange,
  unfeed,
} from './queries/feed-due-messages.query.js';
import { readOpenLanes } from './queries/read-open-lanes.query.js';

/** Fed messages that may wait in one queue (delivery protocol §8), as jobs of 50. */
const WINDOW_JOBS = 100;

/** How long it is taken for granted in which months messages wait, ms: one that is redriven may be of any. */
const MONTHS_MS = 10_000;

/** Puts due messages into the queues, from the rows alone: this is what rebuilds a queue that was lost. Safe to run twice at once. */
@Injectable()
export class FeederService {
  private waiting: { ids: IdRange; readAt: number } | undefined;

  constructor(
    private readonly database: Database,
    private readonly wakeService: WakeService,
    private readonly depth: QueueDepth,
    private readonly epoch: QueueEpoch,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {}

  /** One round over all lanes: each gets into the queues what its pace can use. @returns how many messages were fed */
  async feed(): Promise<number> {
    if (await this.epoch.changed()) {
      const count = await unfeed(this.database, null);
      if (count > 0) this.logger.warn('queue.lost', { count, decision: 'fed again' });
    }
    const rooms = await Promise.all(PRIORITIES.map((priority) => this.roomOf(priority)));
    if (rooms.every((room) => room === 0)) return 0;
    const messages = await feedDueMessages(this.database, {
      lanes: await this.readLanes(),
      shares: PRIORITIES.map((priority) => SHARES[priority]),
      rooms,
      refeedAfterMs: this.environment.REFEED_AFTER_MS,
      ids: await this.idsOfMonths(),
    });
    const queues = Map.groupBy(messages, ({ phoneNumberId, priority }) =>
      sendQueueName(PRIORITIES[priority] ?? 'standard', phoneNumberId, this.environment.QUEUE_SHARDS),
    );
    await Promise.all([...queues].map(([queue, rows]) => this.wake(queue, rows)));
    return messages.length;
  }

  /** Of a Redis Cluster a part may be away: messages that one queue does not take are fed again, those of the others are not. */
  private async wake(queue: SendQueueName, messages: readonly FedMessage[]): Promise<void> {
    const lanes = Map.groupBy(messages, ({ phoneNumberId }) => phoneNumberId);
    const jobs = [...lanes.values()].flatMap((rows) => batchIds(rows));
    await this.wakeService.wake(jobs.map((job) => ({ queue, job }))).catch(async (error: unknown) => {
      this.logger.warn('feed.failed', { queue, count: messages.length }, error);
      await unfeed(
        this.database,
        messages.map(({ messageId }) => messageId),
      );
    });
  }

  /** How many messages the queues of a priority may still take. */
  private async roomOf(priority: (typeof PRIORITIES)[number]): Promise<number> {
    const queues = sendQueueNames(priority, this.environment.QUEUE_SHARDS);
    const waiting = await Promise.all(queues.map((queue) => this.depth.fresh(queue)));
    return waiting.reduce((sum, jobs) => sum + Math.max(0, WINDOW_JOBS - jobs), 0) * MAX_JOB_MESSAGES;
  }

  /** So that a round costs the same with many months of history. */
  private async idsOfMonths(): Promise<IdRange> {
    const now = performance.now();
    if (this.waiting === undefined || now - this.waiting.readAt >= MONTHS_MS)
      this.waiting = { ids: await readWaitingRange(this.database), readAt: now };
    return this.waiting.ids;
  }

  private async readLanes() {
    const { PACE_AHEAD_MS, FEED_INTERVAL_MS, LANE_PROBE_INTERVAL_MS } = this.environment;
    const lanes = await readOpenLanes(this.database, FORGET_AFTER_MS);
    return lanes.map(({ phoneNumberId, ...condition }) => ({
      phoneNumberId,
      window: feedWindow(
        laneRate(condition, { probeIntervalMs: LANE_PROBE_INTERVAL_MS }),
        Math.max(PACE_AHEAD_MS, 2 * FEED_INTERVAL_MS),
      ),
    }));
  }
}
