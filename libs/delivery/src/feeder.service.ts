import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import type { Priority } from '#messages';
import { Logger } from '#observability';
import { Database } from '#persistence';
import {
  batchIds,
  MAX_JOB_MESSAGES,
  PRIORITIES,
  QueueDepth,
  QueueEpoch,
  sendQueueName,
  sendQueueNames,
  WakeService,
  type WakeEntry,
} from '#queues';
import { FORGET_AFTER_MS, releasedPerRound } from './domain/hold-policy.js';
import { feedDueMessages, type FedMessage, unfeed } from './queries/feed-due-messages.query.js';

/** Fed messages that may wait in one queue (delivery protocol §8), as jobs of 50. */
const WINDOW_JOBS = 100;
/** The most messages of one lane and priority in one round. */
const PER_LANE = 1_000;

/** Puts due messages into the queues, from the rows alone: this is what rebuilds a queue that was lost. Safe to run twice at once. */
@Injectable()
export class FeederService {
  constructor(
    private readonly database: Database,
    private readonly wakeService: WakeService,
    private readonly depth: QueueDepth,
    private readonly epoch: QueueEpoch,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {}

  /** One round over all priorities. @returns how many messages were fed */
  async feed(): Promise<number> {
    if (await this.epoch.changed()) {
      const count = await unfeed(this.database, null);
      if (count > 0) this.logger.warn('queue.lost', { count, decision: 'fed again' });
    }
    let fed = 0;
    for (const priority of PRIORITIES) fed += await this.feedPriority(priority);
    return fed;
  }

  private async feedPriority(priority: Priority): Promise<number> {
    const waiting = await Promise.all(
      sendQueueNames(priority, this.environment.QUEUE_SHARDS).map((queue) => this.depth.fresh(queue)),
    );
    const room = waiting.reduce((sum, jobs) => sum + Math.max(0, WINDOW_JOBS - jobs), 0) * MAX_JOB_MESSAGES;
    if (room === 0) return 0;
    const messages = await feedDueMessages(this.database, {
      priority: PRIORITIES.indexOf(priority),
      perLane: PER_LANE,
      refeedAfterMs: this.environment.REFEED_AFTER_MS,
      limit: room,
      perReleasedLane: releasedPerRound(this.environment.FEED_INTERVAL_MS),
      releasedForMs: FORGET_AFTER_MS,
    });
    if (messages.length === 0) return 0;
    await this.wakeService.wake(this.toJobs(messages, priority)).catch(async (error: unknown) => {
      this.logger.warn('feed.failed', { count: messages.length }, error);
      await unfeed(
        this.database,
        messages.map(({ messageId }) => messageId),
      );
    });
    return messages.length;
  }

  private toJobs(messages: readonly FedMessage[], priority: Priority): WakeEntry[] {
    const lanes = Map.groupBy(messages, ({ phoneNumberId }) => phoneNumberId);
    return [...lanes].flatMap(([phoneNumberId, rows]) => {
      const queue = sendQueueName(priority, phoneNumberId, this.environment.QUEUE_SHARDS);
      return batchIds(rows).map((job) => ({ queue, job }));
    });
  }
}
