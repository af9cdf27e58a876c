import { Injectable } from '@nestjs/common';
import { v4 as randomUuid } from 'uuid';
import { Environment } from '#config';
import { PRIORITIES, sendQueueNames } from './job-catalog.js';
import { keyPrefix, QueueBackend } from './queue-backend.js';
import type { RedisClient } from './redis-client.js';

/**
 * Notices that Redis lost its keys (delivery protocol §8): some of them are random values that nobody changes. Several
 * processes may ask; each learns of a loss once.
 */
@Injectable()
export class QueueEpoch {
  private readonly keys: readonly string[];
  private readonly known = new Map<string, string>();

  constructor(
    private readonly backend: QueueBackend,
    { QUEUE_SHARDS, REDIS_CLUSTER }: Environment,
  ) {
    // Each node of a cluster may lose its keys by itself, and slots move: each send queue has a value beside its jobs.
    this.keys = REDIS_CLUSTER
      ? PRIORITIES.flatMap((priority) => sendQueueNames(priority, QUEUE_SHARDS)).map(
          (name) => `${keyPrefix(name)}:epoch`,
        )
      : [keyPrefix('epoch')];
  }

  /**
   * Whether a queue was emptied since this was last asked. Always false on the Postgres backend, and while Redis cannot be
   * asked: the loss shows when it is back.
   */
  async changed(): Promise<boolean> {
    const { redis } = this.backend;
    if (redis === undefined) return false;
    const changes = await Promise.all(
      this.keys.map((key) =>
        this.hasChanged(redis, key).catch((error: unknown) => {
          this.backend.onError(error);
          return false;
        }),
      ),
    );
    return changes.includes(true);
  }

  private async hasChanged(redis: RedisClient, key: string): Promise<boolean> {
    const found = await redis.get(key);
    const current = found ?? (await this.begin(redis, key));
    const known = this.known.get(key);
    this.known.set(key, current);
    return found === null || (known !== undefined && known !== current);
  }

  /** NX: of several processes that find the key missing one names the epoch, and all use its name. */
  private async begin(redis: RedisClient, key: string): Promise<string> {
    const name = randomUuid();
    await redis.set(key, name, 'NX');
    return (await redis.get(key)) ?? name;
  }
}
