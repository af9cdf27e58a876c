import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '#persistence';
import { createTestDatabase, type TestDatabase } from '#testing';
import { insertNotifications } from './insert-notifications.query.js';
import { StoreNotificationService } from './store-notification.service.js';

let test: TestDatabase;
let database: Database;
let service: StoreNotificationService;

beforeAll(async () => {
  test = await createTestDatabase();
  database = new Database({ url: test.url, poolMax: 4, statementTimeoutMs: 15_000 });
  service = new StoreNotificationService(database);
}, 60_000);
afterAll(async () => {
  await database.close();
  await test.drop();
});

const body = () => Buffer.from(JSON.stringify({ nonce: randomBytes(8).toString('hex') }));
const rows = async (raws: Buffer[]) =>
  database.prisma.$queryRaw<{ raw: Uint8Array; work: number }[]>`
    SELECT i.raw, (SELECT count(*)::int FROM inbox_work w WHERE w.inbox_id = i.id) AS work FROM inbox i WHERE i.raw = ANY(${raws}::bytea[])`;

describe('StoreNotificationService', () => {
  it('stores 500 at once, each with its work', async () => {
    const raws = Array.from({ length: 500 }, body);
    expect(await Promise.all(raws.map((raw) => service.store(raw)))).toEqual(raws.map(() => true));
    const stored = await rows(raws);
    expect(stored).toHaveLength(500);
    expect(stored.every(({ work }) => work === 1)).toBe(true);
  });

  it('stores the same bytes once, in one batch and in later ones', async () => {
    const raw = body();
    const together = await Promise.all([service.store(raw), service.store(body()), service.store(raw)]);
    expect(together.filter(Boolean)).toHaveLength(2);
    expect(await service.store(raw)).toBe(false);
    expect(await rows([raw])).toHaveLength(1);
  });

  it('stores the same bytes once, whatever months they come in', async () => {
    const raw = body();
    const sha256 = createHash('sha256').update(raw).digest();
    const at = (age: string) =>
      database.query<{ id: string }>({ name: '', sql: `SELECT uuidv7(-$1::interval) AS id` }, [age]);
    await database.query({ name: '', sql: `SELECT ensure_partitions(now() - interval '40 days')` }, []);
    const ids = (await Promise.all(['40 days', '0 s'].map(at))).map(([row]) => row?.id ?? '');
    for (const [n, id] of ids.entries())
      expect(
        await database.transaction(async (tx) => (await insertNotifications(tx, [{ id, raw, sha256 }])).size),
      ).toBe(n === 0 ? 1 : 0);
    const [stored] = await database.prisma.$queryRaw<{ partitions: string[] }[]>`
      SELECT array_agg(tableoid::regclass::text) AS partitions FROM inbox WHERE raw = ${raw}`;
    const old = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 7).replace('-', '_');
    expect(stored?.partitions).toEqual([`inbox_${old}`]);
    expect(await service.store(raw)).toBe(false);
  });

  it('waits for a transaction that stores the same bytes, and stores them when that one fails', async () => {
    const raw = body();
    const sha256 = createHash('sha256').update(raw).digest();
    let second: Promise<boolean> | undefined;
    const first = database.transaction(async (tx) => {
      await insertNotifications(tx, [{ id: uuidv7(), raw, sha256 }]);
      second = service.store(raw);
      await sleep(200);
      throw new Error('of the test');
    });
    await expect(first).rejects.toThrow('of the test');
    expect(await second).toBe(true);
    expect(await rows([raw])).toHaveLength(1);
  });

  it('forgets the hashes of what is deleted', async () => {
    const raws = [body(), body()];
    for (const raw of raws) await service.store(raw);
    await database.prisma.$executeRaw`DELETE FROM inbox WHERE raw = ${raws[0]}`;
    expect(await service.store(raws[0] ?? body())).toBe(true);
    expect(await service.store(raws[1] ?? body())).toBe(false);
    await database.prisma.$executeRaw`TRUNCATE inbox`;
    expect(await service.store(raws[1] ?? body())).toBe(true);
  });

  it('keeps 4 MiB of any bytes as they are', async () => {
    const raw = randomBytes(4 * 1024 * 1024);
    await service.store(raw);
    const [stored] = await rows([raw]);
    expect(Buffer.from(stored?.raw ?? []).equals(raw)).toBe(true);
  });

  it('stores 20 large ones at once', async () => {
    const raws = Array.from({ length: 20 }, () => randomBytes(4 * 1024 * 1024));
    expect(await Promise.all(raws.map((raw) => service.store(raw)))).toEqual(raws.map(() => true));
  });

  it('rejects when the database is away', async () => {
    const away = new Database({ url: 'postgresql://x:y@127.0.0.1:1/x', poolMax: 2, statementTimeoutMs: 1_000 });
    await expect(new StoreNotificationService(away).store(body())).rejects.toThrow(/ECONNREFUSED/);
    await away.close();
  });
});
