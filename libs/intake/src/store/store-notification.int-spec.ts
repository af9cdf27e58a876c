import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#persistence';
import { createTestDatabase, type TestDatabase } from '#testing';
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

  it('keeps 4 MiB of any bytes as they are', async () => {
    const raw = randomBytes(4 * 1024 * 1024);
    await service.store(raw);
    const [stored] = await rows([raw]);
    expect(Buffer.from(stored?.raw ?? []).equals(raw)).toBe(true);
  });

  it('stores 20 large ones at once', async () => {
    const raws = Array.from({ length: 20 }, () => randomBytes(4 * 1024 * 1024));
    expect(await Promise.all(raws.map((raw) => service.store(raw)))).toEqual(raws.map(() => true));
  }, 30_000);

  it('rejects when the database is away', async () => {
    const away = new Database({ url: 'postgresql://x:y@127.0.0.1:1/x', poolMax: 2, statementTimeoutMs: 1_000 });
    await expect(new StoreNotificationService(away).store(body())).rejects.toThrow(/ECONNREFUSED/);
    await away.close();
  });
});
