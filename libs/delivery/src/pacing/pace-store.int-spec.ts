import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Database } from '#persistence';
import {
  createTestDatabase,
  isRedisAvailable,
  isRedisClusterAvailable,
  startTestRedis,
  startTestRedisCluster,
} from '#testing';
import { type LaneSchedule, NEW_LANE, reserveSlots, type SlotAsk } from './domain/reserve-slots.js';
import type { PairBucket } from './domain/pair-bucket.js';
import type { PaceStore } from './pace-store.js';
import { PostgresPaceStore } from './postgres-pace-store.js';
import { RedisPaceStore } from './redis-pace-store.js';

const PAIR_LIMIT = { capacity: 3, refillMs: 400, marginMs: 50 };
const anAsk = (overrides: Partial<SlotAsk> = {}): SlotAsk => ({
  priority: 'standard',
  rate: { intervalMs: 10, burstMs: 20 },
  reach: { reachMs: 500, farMs: 1_000, share: 0.3 },
  pairLimit: PAIR_LIMIT,
  pairs: [null],
  ...overrides,
});

interface Opened {
  store: PaceStore;
  clear(): Promise<unknown>;
  size(): Promise<number>;
  close(): Promise<unknown>;
}
const BACKENDS: [string, () => Promise<Opened>][] = [
  [
    'postgres',
    async () => {
      const testDatabase = await createTestDatabase();
      const database = new Database({ url: testDatabase.url, poolMax: 8, statementTimeoutMs: 5_000 });
      return {
        store: new PostgresPaceStore(database, PAIR_LIMIT),
        clear: () => database.prisma.$executeRaw`TRUNCATE pace_lane, pace_pair`,
        size: () => database.prisma.pacePair.count(),
        close: async () => (await database.close(), await testDatabase.drop()),
      };
    },
  ],
  ...(isRedisAvailable() ? [['redis', openRedis] as [string, () => Promise<Opened>]] : []),
  ...(isRedisClusterAvailable() ? [['a redis cluster', openRedisCluster] as [string, () => Promise<Opened>]] : []),
];

async function openRedis(): Promise<Opened> {
  const server = await startTestRedis();
  const redis = new Redis(server.url);
  return {
    store: new RedisPaceStore(redis),
    clear: () => redis.flushall(),
    size: async () => (await redis.keys('{herald:pace.1}:*')).length,
    close: async () => (await redis.quit(), await server.stop()),
  };
}

async function openRedisCluster(): Promise<Opened> {
  const cluster = await startTestRedisCluster();
  const { client } = cluster;
  const keys = () => Promise.all(client.nodes('master').map((master) => master.keys('{herald:pace.1}:*')));
  return {
    store: new RedisPaceStore(client),
    clear: () => Promise.all(client.nodes('master').map((master) => master.flushall())),
    size: async () => (await keys()).flat().length,
    close: () => cluster.stop(),
  };
}

describe.each(BACKENDS)('the pace in %s', (_name, open) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
  }, 60_000);
  afterAll(() => opened.close());
  beforeEach(() => opened.clear());

  it('gives every slot once, whoever asks at the same time', async () => {
    const askedAt = performance.now();
    const asks = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const { answers } = await opened.store.reserve('1', anAsk({ pairs: Array(6).fill(null) as null[] }));
        return { answers, answeredAfterMs: performance.now() - askedAt };
      }),
    );
    const slots = asks.flatMap(({ answers, answeredAfterMs }) =>
      answers.map((answer) => (answer.kind === 'slot' ? answeredAfterMs + answer.afterMs : -1)),
    );
    expect(slots).toHaveLength(48);
    expect(slots.every((ms) => ms >= 0)).toBe(true);
    // 48 slots of 10 ms, of which at most 20 ms lie back: the last is not before 440 ms after the first ask.
    expect(Math.max(...slots)).toBeGreaterThan(440);
  });

  it('keeps lanes apart, and what a recipient may get', async () => {
    const first = await opened.store.reserve('1', anAsk({ pairs: ['a', 'a', 'a', 'a', 'b', null] }));
    expect(first.answers.map(({ kind }) => kind)).toEqual(['slot', 'slot', 'slot', 'pair', 'slot', 'slot']);
    const [, , , refused] = first.answers;
    expect(refused!.kind === 'pair' && refused!.afterMs).toBeGreaterThan(200);
    const other = await opened.store.reserve('2', anAsk());
    expect(other.answers).toEqual([{ kind: 'slot', afterMs: 0 }]);
  });

  it('stops at what its reach allows, and says when to ask again', async () => {
    const { answers, againMs } = await opened.store.reserve('1', anAsk({ pairs: Array(200).fill(null) as null[] }));
    const given = answers.filter(({ kind }) => kind === 'slot').length;
    expect(given).toBeGreaterThan(50);
    expect(given).toBeLessThan(75);
    expect(answers.slice(given).every(({ kind }) => kind === 'none')).toBe(true);
    expect(againMs).toBeGreaterThan(0);
  });

  it('forgets pairs that are as good as new', async () => {
    await opened.store.reserve('1', anAsk({ pairs: ['a'], pairLimit: { ...PAIR_LIMIT, refillMs: 1, marginMs: 1 } }));
    await opened.store.reserve('1', anAsk({ pairs: ['b'], pairLimit: { ...PAIR_LIMIT, marginMs: 600_000 } }));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await opened.store.tidy();
    expect(await opened.size()).toBe(1);
  });

  it('begins anew after a loss', async () => {
    await opened.store.reserve('1', anAsk({ pairs: Array(40).fill('a') as string[] }));
    await opened.clear();
    expect((await opened.store.reserve('1', anAsk({ pairs: ['a'] }))).answers).toEqual([{ kind: 'slot', afterMs: 0 }]);
  });
});

const describeWithRedis = isRedisAvailable() ? describe : describe.skip;
describeWithRedis('the script in Redis', () => {
  it('does what reserveSlots does, whatever is asked', async () => {
    const server = await startTestRedis();
    const redis = new Redis(server.url);
    let nowMs = 1_800_000_000_000;
    const store = new RedisPaceStore(redis, () => nowMs);
    let lane: LaneSchedule = NEW_LANE;
    let buckets: ReadonlyMap<string, PairBucket> = new Map();
    let seed = 42;
    const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    const PRIORITIES = ['urgent', 'standard', 'bulk'] as const;
    for (let round = 0; round < 300; round += 1) {
      nowMs += random(300);
      const ask = anAsk({
        priority: PRIORITIES[random(3)] ?? 'bulk',
        reach: { reachMs: random(600), farMs: 400 + random(600), share: [0.5, 0.3, 0.2][random(3)] ?? 0.2 },
        pairs: Array.from({ length: 1 + random(30) }, () => [null, 'a', 'b', 'c', 'd'][random(5)] ?? null),
      });
      const expected = reserveSlots(lane, buckets, ask, nowMs);
      ({ lane, buckets } = expected);
      const said = await store.reserve('1', ask);
      expect(said.answers.map(({ kind }) => kind)).toEqual(expected.answers.map(({ kind }) => kind));
      said.answers.forEach((answer, i) => {
        const other = expected.answers[i];
        if (answer.kind !== 'none' && other?.kind === answer.kind)
          expect(Math.abs(answer.afterMs - other.afterMs)).toBeLessThan(1);
      });
      expect(Math.abs(said.againMs - expected.againMs)).toBeLessThan(1);
    }
    await redis.quit();
    await server.stop();
  }, 60_000);
});
