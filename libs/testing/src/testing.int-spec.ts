import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { isRedisAvailable } from './backends.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { startTestRedis } from './test-redis.js';

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('createTestDatabase', () => {
  let one: TestDatabase;
  let other: TestDatabase;
  beforeAll(async () => {
    [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  }, 60_000);
  afterAll(() => Promise.all([one.drop(), other.drop()]));

  it('gives databases that are migrated', async () => {
    const rows = await query(
      one.url,
      'SELECT count(*)::int AS n FROM _prisma_migrations WHERE finished_at IS NOT NULL',
    );
    expect(rows[0]?.['n']).toBeGreaterThan(0);
  });

  it('gives each suite its own', async () => {
    await query(one.url, 'CREATE TABLE mine ()');
    expect(await query(other.url, "SELECT to_regclass('mine')::text AS mine")).toEqual([{ mine: null }]);
  });

  it('drops a database that is in use', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    await database.drop();
    await expect(query(database.url, 'SELECT 1')).rejects.toThrow('does not exist');
  });
});

const describeWithRedis = isRedisAvailable() ? describe : describe.skip;

describeWithRedis('startTestRedis', () => {
  it('gives one that is empty and does not evict', async () => {
    const redis = await startTestRedis();
    const client = new Redis(redis.url);
    expect(await client.dbsize()).toBe(0);
    expect(JSON.stringify(await client.config('GET', 'maxmemory-policy'))).toContain('noeviction');
    await client.quit();
    await redis.stop();
  });
});
