import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { HealthService, type HealthReport, Logger } from '#observability';
import { QueueBackend } from './queue-backend.js';
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

/** How long boot waits for Redis to be there, ms. Longer than that, it starts without. */
const BOOT_MS = 1_500;
const ANSWER_MS = 900;

/** Looks at Redis when the process boots and each time Redis comes back, and answers for it in readiness. */
@Injectable()
export class RedisCheck implements OnModuleInit {
  private policy: string | undefined;

  constructor(
    private readonly backend: QueueBackend,
    private readonly health: HealthService,
    private readonly logger: Logger,
  ) {}

  /** @throws EvictingRedisError; a Redis that is down is no reason not to start: accepting needs none. */
  async onModuleInit(): Promise<void> {
    const { redis } = this.backend;
    if (redis === undefined) return;
    this.health.add('redis', () => this.report(redis));
    const isThere = await within(BOOT_MS, whenReady(redis)).then(
      () => true,
      () => false,
    );
    if (isThere) await this.look(redis);
    else this.logger.warn('redis.unreachable', { decision: 'started without it' });
    redis.on('ready', () => void this.lookAgain(redis));
  }

  private async look(redis: Redis): Promise<void> {
    this.policy = await this.readPolicy(redis);
    if (!isEvicting(this.policy)) return;
    redis.disconnect();
    throw new EvictingRedisError(this.policy);
  }

  private async lookAgain(redis: Redis): Promise<void> {
    this.policy = await this.readPolicy(redis);
    if (isEvicting(this.policy))
      this.logger.error('redis.evicts', { reason: new EvictingRedisError(this.policy).message });
  }

  /** CONFIG may be forbidden to our user; INFO says the same. */
  private async readPolicy(redis: Redis): Promise<string | undefined> {
    try {
      return /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
    } catch (error) {
      this.logger.warn(
        'redis.policy_unknown',
        { reason: 'maxmemory-policy could not be read: see that it is noeviction' },
        error,
      );
      return undefined;
    }
  }

  private async report(redis: Redis): Promise<HealthReport> {
    if (isEvicting(this.policy)) return { status: 'degraded', reason: 'maxmemory-policy is not noeviction' };
    return within(ANSWER_MS, redis.ping()).then(
      () => ({ status: 'up' }),
      () => ({ status: 'degraded', reason: 'Redis does not answer: messages are accepted and wait' }),
    );
  }
}

const isEvicting = (policy: string | undefined): policy is string => policy !== undefined && policy !== 'noeviction';

async function whenReady(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') await new Promise<void>((resolve) => void redis.once('ready', () => resolve()));
}
