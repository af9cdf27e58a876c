import { Injectable } from '@nestjs/common';
import { type BackendFactory, createRedisBackend } from 'bullmq';
import { Environment } from '#config';
import { Logger } from '#observability';
import { createHeraldPostgresBackend } from './postgres-queue-backend.js';
import { POSTGRES_POOL, POSTGRES_POOL_MAX, QUEUE_REDIS, WORKER_REDIS } from './queue-settings.js';
import { connectRedis, type RedisClient } from './redis-client.js';

/** Schema of BullMQ's own tables, in DATABASE_URL. */
export const QUEUE_SCHEMA = 'bullmq';

/** What a Queue or a Worker is made with, besides its settings. */
export interface BackendOptions {
  connection: object;
  prefix: string;
  factory: BackendFactory;
  /** Drops what BullMQ leaves open: it never closes a Redis client that it was given. */
  release: () => void;
}

/**
 * Where BullMQ keeps its jobs: Redis, or a Redis Cluster, when REDIS_URL is set, else Postgres. Everything that differs between the two is in
 * here. The backend is handed to each Queue and Worker by itself, not set for the whole process, so that a test can have both.
 */
@Injectable()
export class QueueBackend {
  readonly kind: 'redis' | 'postgres';
  /** One client for all queues of the process, for the epoch and for health; undefined on Postgres. */
  readonly redis: RedisClient | undefined;
  private lastErrorAt = 0;

  constructor(
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {
    this.redis = connectRedis(environment, QUEUE_REDIS);
    this.redis?.on('error', this.onError);
    this.kind = this.redis === undefined ? 'postgres' : 'redis';
  }

  forQueue(name: string): BackendOptions {
    return this.redis === undefined
      ? this.postgres(name, POSTGRES_POOL_MAX.queue)
      : { connection: this.redis, prefix: keyPrefix(name), factory: createRedisBackend, release: () => undefined };
  }

  forWorker(name: string): BackendOptions {
    const redis = connectRedis(this.environment, WORKER_REDIS);
    if (redis === undefined) return this.postgres(name, POSTGRES_POOL_MAX.worker);
    redis.on('error', this.onError);
    return {
      connection: redis,
      prefix: keyPrefix(name),
      factory: createRedisBackend,
      release: () => redis.disconnect(),
    };
  }

  /** The listener of every connection, Queue and Worker: one line a second says enough of an outage. */
  readonly onError = (error: unknown): void => {
    if (Date.now() - this.lastErrorAt < 1_000) return;
    this.lastErrorAt = Date.now();
    this.logger.warn('queue.error', { backend: this.kind }, error);
  };

  private postgres(name: string, max: number): BackendOptions {
    const connection = { ...POSTGRES_POOL, connectionString: this.environment.DATABASE_URL, schema: QUEUE_SCHEMA, max };
    return { connection, prefix: name, factory: createHeraldPostgresBackend, release: () => undefined };
  }
}

/** A hash tag a queue: all keys of a queue lie in one slot of a Redis Cluster, and an ACL of `~{herald:*` covers them all. */
export const keyPrefix = (name: string) => `{herald:${name}}`;
