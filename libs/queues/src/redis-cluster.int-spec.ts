import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { v7 as uuidv7 } from 'uuid';
import {
  backends,
  eventually,
  isRedisClusterAvailable,
  startTestRedis,
  startTestRedisCluster,
  type TestRedisCluster,
} from '#testing';
import type { DeliverMessagesJob, QueueWorker, SendQueueName } from './index.js';
import { openQueues } from './specs/queue-world.js';

const SHARDS = 8;
const QUEUES = Array.from({ length: SHARDS }, (_, shard) => `send.bulk.${shard}` as const);
const aJob = (): DeliverMessagesJob => ({ messageIds: [uuidv7()], fences: ['0'] });
/** A node that is gone is noticed, and its replica takes over; this machine may be busy. */
const FAILOVER = { timeoutMs: 45_000 };

// A suite that was told to run on Postgres alone has no Redis to ask; scripts/test.mjs says when there is none for a cluster.
const isAvailable = backends().includes('redis') && isRedisClusterAvailable();
describe.each(isAvailable ? ['redis'] : ['nothing to test'])('a cluster of %s', (backend) => {
  if (backend !== 'redis') return void it('needs a redis-server', () => undefined);
  let cluster: TestRedisCluster;
  let masters: Redis[];
  const opened: Awaited<ReturnType<typeof openQueues>>[] = [];
  const workers: QueueWorker[] = [];

  const open = async (redisUrl = cluster.url, redisCluster?: 'true') => {
    const world = await openQueues({ redisUrl, redisCluster });
    opened.push(world);
    return world;
  };
  const listen = async (world: Awaited<ReturnType<typeof open>>) => {
    const seen: { queue: SendQueueName; id: string | undefined }[] = [];
    const handler = ({ messageIds }: DeliverMessagesJob, queue: SendQueueName) => {
      seen.push({ queue, id: messageIds[0] });
      return Promise.resolve();
    };
    for (const queue of QUEUES) {
      const worker = world.workers.createWorker(queue, 1, handler);
      workers.push(worker as unknown as QueueWorker);
      await worker.start();
    }
    return seen;
  };

  beforeAll(async () => {
    cluster = await startTestRedisCluster();
    masters = cluster.client.nodes('master');
  }, 120_000);
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    await Promise.all(opened.splice(0).map(({ close }) => close()));
    await Promise.all(masters.map((master) => master.flushall().catch(() => undefined)));
  });
  afterAll(() => cluster.stop());

  it('takes and gives jobs of every shard, and spreads them over its nodes', async () => {
    const world = await open();
    const seen = await listen(world);
    await world.wakeService.wake(QUEUES.map((queue) => ({ queue, job: aJob() })));
    await eventually(() => expect(seen.map(({ queue }) => queue).sort()).toEqual([...QUEUES]));
    const keys = await Promise.all(masters.map((master) => master.keys('*')));
    expect(keys.every((some) => some.length > 0)).toBe(true);
    expect(keys.flat().filter((key) => !/^\{herald:(send\.bulk\.[0-7])\}:/.test(key))).toEqual([]);
    expect((await world.health.readiness()).parts['redis']).toEqual({ status: 'up' });
  });

  it('is known by one of its nodes, when that is said to be of a cluster', async () => {
    const [address = ''] = cluster.url.split(',');
    const world = await open(address, 'true');
    const seen = await listen(world);
    await world.wakeService.wake(QUEUES.map((queue) => ({ queue, job: aJob() })));
    await eventually(() => expect(seen).toHaveLength(SHARDS));
  });

  it('has not lost its keys while one node has, and that is noticed once in each process', async () => {
    const [first, second] = [await open(), await open()];
    expect(await first.epoch.changed()).toBe(true);
    expect([await first.epoch.changed(), await second.epoch.changed()]).toEqual([false, false]);
    for (const master of masters) {
      await master.flushall();
      expect([await first.epoch.changed(), await second.epoch.changed()]).toEqual([true, true]);
      expect([await first.epoch.changed(), await second.epoch.changed()]).toEqual([false, false]);
    }
  });

  it('that evicts on one node is not started on', async () => {
    await masters[1]?.config('SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      await expect(open()).rejects.toMatchObject({ code: 'evicting_redis' });
    } finally {
      await masters[1]?.config('SET', 'maxmemory-policy', 'noeviction');
    }
  });

  it('is told from one Redis, which is told from it', async () => {
    const [address = ''] = cluster.url.split(',');
    await expect(open(address)).rejects.toThrow(/^REDIS_URL is a node of a Redis Cluster: set REDIS_CLUSTER=true/);
    const redis = await startTestRedis();
    try {
      await expect(open(redis.url, 'true')).rejects.toThrow(/^REDIS_URL is no Redis Cluster/);
    } finally {
      await redis.stop();
    }
  });

  // The last one: the node does not come back.
  it('goes on with a replica when a master dies', async () => {
    const world = await open();
    const seen = await listen(world);
    await cluster.killMasterOf('{herald:send.bulk.0}:send.bulk.0:wait');
    const woken = new Set<string | undefined>();
    for (const queue of QUEUES) {
      const wake = async () => {
        const job = aJob();
        await world.wakeService.wake([{ queue, job }]);
        woken.add(job.messageIds[0]);
      };
      await eventually(wake, FAILOVER);
    }
    await eventually(() => expect([...woken].filter((id) => !seen.some((one) => one.id === id))).toEqual([]), FAILOVER);
    const isUp = async () => (await world.health.readiness()).parts['redis']?.status === 'up';
    await eventually(isUp, FAILOVER);
  }, 180_000);
});
