import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { v7 as uuidv7 } from 'uuid';
import { backends, eventually, startTestRedis, type TestRedis } from '#testing';
import type { QueueWorker, WakeEntry } from './index.js';
import { cutOff } from './specs/cut-off.js';
import { openQueues } from './specs/queue-world.js';

const QUEUE = 'send.bulk.3';
const entry = () => ({ queue: QUEUE, job: { messageIds: [uuidv7()], fences: ['0'] } }) satisfies WakeEntry;

// A suite that was told to run on Postgres alone has no Redis to ask.
describe.each(backends().includes('redis') ? ['redis'] : ['nothing to test'])('%s', (backend) => {
  if (backend !== 'redis') return void it('needs a Redis', () => undefined);
  let server: TestRedis;
  let admin: Redis;
  const opened: Awaited<ReturnType<typeof openQueues>>[] = [];
  const workers: QueueWorker[] = [];

  const open = async (redisUrl = server.url) => {
    const world = await openQueues({ redisUrl, shards: 4 });
    opened.push(world);
    return world;
  };

  beforeEach(async () => {
    server = await startTestRedis();
    admin = new Redis(server.url);
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    await Promise.all(opened.splice(0).map(({ close }) => close()));
    admin.disconnect();
    await server.stop();
  });

  it('notices a FLUSHALL once in each process', async () => {
    const first = await open();
    const second = await open();
    expect(await first.epoch.changed()).toBe(true);
    expect(await first.epoch.changed()).toBe(false);
    expect(await second.epoch.changed()).toBe(false);
    await admin.flushall();
    expect(await second.epoch.changed()).toBe(true);
    expect(await first.epoch.changed()).toBe(true);
    expect([await first.epoch.changed(), await second.epoch.changed()]).toEqual([false, false]);
  });

  it('a worker goes on after a FLUSHALL', async () => {
    const world = await open();
    const seen: string[] = [];
    const worker = world.workers.createWorker(QUEUE, 1, ({ messageIds }) =>
      Promise.resolve(void seen.push(...messageIds)),
    );
    workers.push(worker as unknown as QueueWorker);
    await worker.start();
    await world.wakeService.wake([entry()]);
    await eventually(() => expect(seen).toHaveLength(1));
    await admin.flushall();
    await world.wakeService.wake([entry()]);
    await eventually(() => expect(seen).toHaveLength(2), { timeoutMs: 15_000 });
  }, 20_000);

  it('does not start on a Redis that evicts, and says so in one line', async () => {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      const started = open();
      await expect(started).rejects.toMatchObject({ code: 'evicting_redis' });
      await expect(started).rejects.toThrow(/^REDIS_URL: maxmemory-policy is allkeys-lru and must be noeviction.*$/);
    } finally {
      await admin.config('SET', 'maxmemory-policy', 'noeviction');
    }
  });

  it('starts without Redis, is degraded and never down, and looks again when it comes', async () => {
    const line = await cutOff(server.url);
    await line.cut();
    const world = await open(line.url);
    expect((await world.health.readiness()).status).toBe('degraded');
    expect(await world.epoch.changed()).toBe(false);
    await admin.config('SET', 'maxmemory-policy', 'volatile-lru');
    try {
      await line.join();
      const reason = 'maxmemory-policy is not noeviction';
      await eventually(async () => expect((await world.health.readiness()).parts['redis']?.reason).toBe(reason));
    } finally {
      await admin.config('SET', 'maxmemory-policy', 'noeviction');
    }
    await line.cut();
    await line.join();
    await eventually(async () => expect((await world.health.readiness()).status).toBe('up'));
    await line.cut();
  });

  it('works for a user who may touch only herald keys and not CONFIG', async () => {
    const rules = ['on', '>of-a-test', '~{herald:*', '+@all', '-config', '-@dangerous', '+info'];
    await admin.call('ACL', 'SETUSER', 'herald', ...rules);
    try {
      const url = new URL(server.url);
      url.username = 'herald';
      url.password = 'of-a-test';
      const world = await open(url.href);
      const seen: string[] = [];
      const worker = world.workers.createWorker(QUEUE, 1, ({ messageIds }) =>
        Promise.resolve(void seen.push(...messageIds)),
      );
      workers.push(worker as unknown as QueueWorker);
      await worker.start();
      await world.wakeService.wake([entry()]);
      await eventually(() => expect(seen).toHaveLength(1));
      expect(await world.epoch.changed()).toBe(true);
      expect(await world.depth.waiting(QUEUE)).toBe(0);
    } finally {
      await admin.call('ACL', 'DELUSER', 'herald');
    }
  });

  it('keys of a queue share one hash tag', async () => {
    const world = await open();
    await world.wakeService.wake([entry()]);
    const keys = await admin.keys('*');
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => !/^\{herald:(send\.(urgent|standard|bulk)\.[0-3]|intake)\}:/.test(key))).toEqual([]);
  });
});
