import type { JobsOptions, QueueOptions, WorkerOptions } from 'bullmq';
import type { RedisOptions } from 'ioredis';
import type pg from 'pg';

/** Longest pause between two tries to reach Redis, ms. BullMQ's own back-off goes to 20 s, which is how late its workers wake up. */
const LONGEST_PAUSE_MS = 2_000;
const retryStrategy = (tries: number) => Math.min(100 * 2 ** tries, LONGEST_PAUSE_MS);

/** For queues: an add fails at once or within a second, whatever is wrong with Redis. READONLY = a replica since a failover: connect again. */
export const QUEUE_REDIS: RedisOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  connectTimeout: 1_000,
  commandTimeout: 1_000,
  retryStrategy,
  reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
};

/** For workers: they block in Redis, so a command has no time limit, and they wait for Redis however long it is away. */
export const WORKER_REDIS: RedisOptions = { maxRetriesPerRequest: null, retryStrategy };

/** How often a command looks for the node of a cluster that takes it, mostly 100 ms apart: about as long as one Redis has to answer. */
export const CLUSTER_REDIRECTIONS = 8;

/** Postgres owns every retry. A job that stays after its end would make an add with its id a silent no-op. */
export const JOB_OPTIONS: JobsOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/** `skipVersionCheck`: the check asks Redis once, when the queue is made, and a queue made while Redis is down would fail for ever. */
export const QUEUE_SETTINGS: Omit<QueueOptions, 'connection' | 'prefix'> = {
  defaultJobOptions: JOB_OPTIONS,
  streams: { events: { maxLen: 1_000 } },
  skipWaitingForReady: true,
  skipVersionCheck: true,
};

/** A stalled job is only a hint that comes again: the claim judges it, so it may come often. */
export const WORKER_SETTINGS: Omit<WorkerOptions, 'connection' | 'prefix' | 'concurrency'> = {
  autorun: false,
  lockDuration: 120_000,
  maxStalledCount: 10,
  drainDelay: 5,
  runRetryDelay: 1_000,
};

/** Connections of one queue and of one worker on BullMQ's Postgres backend (a worker also holds one that listens). */
export const POSTGRES_POOL_MAX = { queue: 2, worker: 4 } as const;

/** Nothing waits for ever there either. */
export const POSTGRES_POOL: pg.PoolConfig = {
  connectionTimeoutMillis: 2_000,
  query_timeout: 20_000,
  options: '-c statement_timeout=15000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000',
  keepAlive: true,
  idleTimeoutMillis: 30_000,
  application_name: 'herald-queue',
};
