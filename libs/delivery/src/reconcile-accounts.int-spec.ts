import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { GraphAnalytics, PricingPoint, PricingRead } from '#graph-api';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { CompareAccountService } from '#pricing';
import type { SenderDirectory } from '#senders';
import { A_SENDER, anEnvironment, aSender, createTestDatabase, type TestDatabase } from '#testing';
import { ReconcileAccountsService } from './reconcile-accounts.service.js';

const { wabaId, phoneNumberId } = A_SENDER;
const RANGE = { from: '2026-11-01', to: '2026-11-02' };
const DAY_MS = 86_400_000;

let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 5, statementTimeoutMs: 5_000 });
  await aSender(database);
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  await database.query({ name: '', sql: 'TRUNCATE charge, alert, pricing_comparison, pricing_reconciliation' }, []);
});

/** A worker to whom Meta answers so. */
function setup(answer: PricingRead | PricingPoint[]) {
  const asked: [start: number, end: number][] = [];
  const graph = {
    pricing: (_waba: string, _token: string, start: number, end: number) => {
      asked.push([start, end]);
      return Promise.resolve(Array.isArray(answer) ? { kind: 'read', points: answer } : answer);
    },
  } as unknown as GraphAnalytics;
  const senders = { accessTokenOfWaba: () => Promise.resolve('token') } as unknown as SenderDirectory;
  const compare = new CompareAccountService(database, graph, senders);
  const environment = anEnvironment({ RECONCILE_ALERT_PER_MILLE: '10' });
  const service = new ReconcileAccountsService(database, compare, environment, Logger.create('silent'));
  return { asked, service, now: () => service.reconcileNow(null, RANGE) };
}
const aPoint = (point: Partial<PricingPoint> = {}): PricingPoint => ({
  start: Date.parse('2026-11-01T03:00:00Z') / 1_000,
  country: 'BR',
  category: 'utility',
  type: 'regular',
  volume: 2,
  costMicros: 0n,
  ...point,
});
let wamids = 0;
const aCharge = (charge: object = {}) =>
  database.prisma.charge.create({
    data: {
      ...{ wamid: `w${(wamids += 1)}`, phoneNumberId, wabaId, portfolioId: 'p', recipient: '5511900000001' },
      ...{ market: 'Brazil', category: 'utility', pricingCategory: 'utility', pricingType: 'regular', era: 'pmp_2' },
      ...{ chargedAt: new Date('2026-11-01T12:00:00Z'), day: new Date('2026-11-01'), month: new Date('2026-11-01') },
      ...{ currency: 'USD', mark: 'rate_missing' },
      ...charge,
    },
  });
const stored = () => database.prisma.pricingComparison.findMany({ orderBy: [{ day: 'asc' }, { market: 'asc' }] });
const alerts = () => database.prisma.alert.findMany({ where: { kind: 'pricing_differs', closedAt: null } });

describe('reconciliation', () => {
  it('asks for whole days of the account, and compares what is foreign, too', async () => {
    await database.prisma.waba.update({ where: { id: wabaId }, data: { timezone: 'America/Sao_Paulo' } });
    await aCharge();
    const { id } = await database.prisma.charge.findFirstOrThrow().then(({ wamid }) => ({ id: wamid }));
    await database.query(
      {
        name: '',
        sql: `UPDATE charge SET message_id = gen_random_uuid(), attempt_no = 1, client_id = gen_random_uuid() WHERE wamid = $1`,
      },
      [id],
    );
    await aCharge();
    await aCharge({ day: new Date('2026-11-03') });
    const { asked, now } = setup([aPoint(), aPoint({ start: Date.parse('2026-11-03T03:00:00Z') / 1_000 })]);
    expect(await now()).toMatchObject([{ kind: 'compared', messages: 2, metaMessages: 2, differs: false }]);
    expect(asked).toEqual([[Date.parse('2026-11-01T03:00:00Z') / 1_000, Date.parse('2026-11-03T03:00:00Z') / 1_000]]);
    expect(await stored()).toMatchObject([
      { market: 'Brazil', messages: 1n, foreignMessages: 1n, unpriced: 2n, metaMessages: 2n, countries: ['BR'] },
    ]);
    expect(await alerts()).toEqual([]);
  });

  it('opens one alert while figures part, and closes it when they agree', async () => {
    await aCharge();
    await setup([aPoint({ volume: 3 })]).now();
    await setup([aPoint({ volume: 3 })]).now();
    expect(await alerts()).toMatchObject([
      { scope: 'waba', scopeId: wabaId, count: 2, advice: expect.stringMatching(/charged 1 messages, .* billed 3/) },
    ]);
    await setup([aPoint({ volume: 1 })]).now();
    expect(await alerts()).toEqual([]);
    expect(await stored()).toMatchObject([{ metaMessages: 1n }]);
  });

  it('keeps what stood when Meta cannot be heard, and says why', async () => {
    await setup([aPoint()]).now();
    expect(await setup({ kind: 'not_read', reason: 'code_200' }).now()).toMatchObject([
      { kind: 'not_compared', reason: 'code_200' },
    ]);
    expect(await stored()).toHaveLength(1);
    expect(await database.prisma.pricingReconciliation.findMany()).toMatchObject([
      { wabaId, failure: 'code_200', comparedAt: expect.any(Date) },
    ]);
  });

  it('is done once a day, by one worker', async () => {
    const workers = [setup([]), setup([]), setup([])];
    await Promise.all(workers.map(({ service }) => service.reconcileDue(DAY_MS)));
    await workers[0]?.service.reconcileDue(DAY_MS);
    expect(workers.flatMap(({ asked }) => asked)).toHaveLength(1);
    await database.prisma.pricingReconciliation.updateMany({
      data: { triedAt: new Date(Date.now() - DAY_MS - 1_000) },
    });
    await workers[1]?.service.reconcileDue(DAY_MS);
    expect(workers.flatMap(({ asked }) => asked)).toHaveLength(2);
  });

  it('never rejects for what it is not asked for', async () => {
    const broken = new ReconcileAccountsService(
      database,
      { compare: () => Promise.reject(new Error('down')) } as unknown as CompareAccountService,
      anEnvironment(),
      Logger.create('silent'),
    );
    await expect(broken.reconcileDue(DAY_MS)).resolves.toBeUndefined();
  });
});
