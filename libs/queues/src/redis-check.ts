import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Cluster, type Redis } from 'ioredis';
import { HealthService, type HealthReport, Logger } from '#observability';
import { QueueBackend } from './queue-backend.js';
import { nodesOf, type RedisClient } from './redis-client.js';
import { within } from './within.js';

/** Redis would throw jobs away when it is full; Herald does not start on it. The message is the line to show. */
export class EvictingRedisError extends Error {
  readonly code = 'evicting_redis';

  constructor(policy: string) {
    super(
      `REDIS_URL: maxmemory-policy is ${policy} and must be noeviction, or Redis silently drops jobs when it is full`,
    );
    this.name = 'EvictingRedisError';
  }
}

/** A Redis Cluster that is spoken to as one Redis would refuse most keys, and one Redis is no cluster. The message is the line to show. */
export class RedisModeError extends Error {
  readonly code = 'redis_mode';

  constructor(isCluster: boolean) {
    super(
      isCluster
        ? 'REDIS_URL is a node of a Redis Cluster: set REDIS_CLUSTER=true, or name several of its nodes, separated by commas'
        : 'REDIS_URL is no Redis Cluster: name one Redis, and leave REDIS_CLUSTER out',
    );
    this.name = 'RedisModeError';
  }
}

/** How long boot waits for Redis to be there, ms. Longer than that, it starts without. */
const BOOT_MS = 1_500;
const ANSWER_MS = 900;

/** Looks at Redis when the process boots and each time Redis, or a node of it, comes, and answers for it in readiness. */
@Injectable()
export class RedisCheck implements OnModuleInit {
  /** Nodes that throw jobs away when they are full. */
  private readonly evicting = new Set<Redis>();

  constructor(
    private readonly backend: QueueBackend,
    private readonly health: HealthService,
    private readonly logger: Logger,
  ) {}

  /** @throws EvictingRedisError, RedisModeError; a Redis that is down is no reason not to start: accepting needs none. */
  async onModuleInit(): Promise<void> {
    const { redis } = this.backend;
    if (redis === undefined) return;
    this.health.add('redis', () => this.report(redis));
    try {
      if (await isThere(redis)) await this.look(redis);
      else this.logger.warn('redis.unreachable', { decision: 'started without it' });
    } catch (error) {
      redis.disconnect();
      throw error;
    }
    if (redis instanceof Cluster)
      redis
        .on('+node', (node: Redis) => void this.lookAgain(node))
        .on('-node', (node: Redis) => void this.evicting.delete(node));
    else redis.on('ready', () => void this.lookAgain(redis));
  }

  private async look(redis: RedisClient): Promise<void> {
    const nodes = await Promise.all(nodesOf(redis).map((node) => this.read(node)));
    const policy = nodes.map((node) => node?.policy).find(isEvicting);
    if (policy !== undefined) throw new EvictingRedisError(policy);
    if (!(redis instanceof Cluster) && nodes[0]?.isOfCluster) throw new RedisModeError(true);
  }

  private async lookAgain(node: Redis): Promise<void> {
    const policy = (await this.read(node))?.policy;
    if (policy === undefined) return;
    if (!isEvicting(policy)) return void this.evicting.delete(node);
    this.evicting.add(node);
    this.logger.error('redis.evicts', { reason: new EvictingRedisError(policy).message });
  }

  /** CONFIG may be forbidden to our user; INFO says the same. */
  private async read(node: Redis): Promise<{ policy: string | undefined; isOfCluster: boolean } | undefined> {
    try {
      const info = await node.info();
      return {
        policy: /^maxmemory_policy:(\S+)/m.exec(info)?.[1],
        isOfCluster: /^cluster_enabled:1/m.test(info),
      };
    } catch (error) {
      if (error instanceof Error && error.name === 'ReplyError')
        this.logger.warn(
          'redis.policy_unknown',
          { reason: 'maxmemory-policy could not be read: see that it is noeviction' },
          error,
        );
      else this.backend.onError(error);
      return undefined;
    }
  }

  private async report(redis: RedisClient): Promise<HealthReport> {
    if (this.evicting.size > 0) return { status: 'degraded', reason: 'maxmemory-policy is not noeviction' };
    return within<unknown>(ANSWER_MS, redis instanceof Cluster ? answers(redis) : redis.ping()).then(
      () => ({ status: 'up' }),
      () => ({ status: 'degraded', reason: 'Redis does not answer: messages are accepted and wait' }),
    );
  }
}

const isEvicting = (policy: string | undefined): policy is string => policy !== undefined && policy !== 'noeviction';

/** Each master answers, and somebody has each slot. */
async function answers(cluster: Cluster): Promise<void> {
  const [info] = await Promise.all([cluster.cluster('INFO'), ...cluster.nodes('master').map((node) => node.ping())]);
  if (!String(info).includes('cluster_state:ok')) throw new Error('slots of the cluster are not covered');
}

/** @throws RedisModeError for a cluster that is none */
async function isThere(redis: RedisClient): Promise<boolean> {
  if (redis.status === 'ready') return true;
  return new Promise<boolean>((resolve, reject) => {
    const late = setTimeout(() => resolve(false), BOOT_MS);
    redis.once('ready', () => {
      clearTimeout(late);
      resolve(true);
    });
    redis.on('error', (error: Error & { lastNodeError?: Error }) => {
      if (error.lastNodeError?.message.includes('cluster support disabled')) reject(new RedisModeError(false));
    });
  });
}
