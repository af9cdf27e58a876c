import { v7 as uuidv7 } from 'uuid';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { aMessage, aSender, createTestDatabase, type MessageOverrides } from '#testing';
import { RefreshRollupsService } from '../rollups/refresh-rollups.service.js';

/** Two senders whose days begin at other instants. */
export const BERLIN = { phoneNumberId: '800000000000001', wabaId: '900000000000001', timezone: 'Europe/Berlin' };
export const KOLKATA = { phoneNumberId: '800000000000002', wabaId: '900000000000002', timezone: 'Asia/Kolkata' };

/** A database with both senders and two clients. */
export interface ReportWorld {
  database: Database;
  url: string;
  shop: string;
  bank: string;
  run: <Row = Record<string, unknown>>(sql: string, ...values: unknown[]) => Promise<Row[]>;
  refresh: () => Promise<number>;
  /** A message that was taken then. Factories pass triggers by, so its hour is marked here. */
  message: (at: string | Date, overrides?: MessageOverrides) => ReturnType<typeof aMessage>;
  close: () => Promise<void>;
}

export async function openReportWorld(): Promise<ReportWorld> {
  const testDatabase = await createTestDatabase();
  const database = new Database({ url: testDatabase.url, poolMax: 8, statementTimeoutMs: 15_000 });
  const run: ReportWorld['run'] = (sql, ...values) => database.query({ name: '', sql }, values);
  for (const { timezone, ...sender } of [BERLIN, KOLKATA]) {
    await aSender(database, sender);
    await database.prisma.waba.update({ where: { id: sender.wabaId }, data: { timezone } });
  }
  const [shop, bank] = [uuidv7(), uuidv7()];
  await database.prisma.client.createMany({
    data: [
      { id: shop, name: 'shop' },
      { id: bank, name: 'bank' },
    ],
  });
  return {
    database,
    url: testDatabase.url,
    shop,
    bank,
    run,
    refresh: () => new RefreshRollupsService(database, Logger.create('silent')).refresh(),
    message: async (at, overrides = {}) => {
      const createdAt = new Date(at);
      const id = uuidv7({ msecs: createdAt.getTime() });
      const made = await aMessage(database, { id, createdAt, clientId: shop, ...BERLIN_SENDER, ...overrides });
      await run(`INSERT INTO hour_touched (subject, hour) VALUES ('message', reporting.hour_of($1))`, id);
      return made;
    },
    close: async () => {
      await database.close();
      await testDatabase.drop();
    },
  };
}

const BERLIN_SENDER = { phoneNumberId: BERLIN.phoneNumberId };

/** Numbers in [0, 1) that are the same each time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The same things in another order. */
export function shuffled<T>(things: readonly T[], random: () => number): T[] {
  return things
    .map((thing) => ({ thing, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ thing }) => thing);
}
