import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '#observability';
import { Database } from '#persistence';
import type { SenderDirectory } from '#senders';
import { createTestDatabase, type TestDatabase } from '#testing';
import { EstimateService, type EstimateRequest } from './estimate.service.js';
import { ImportRateCardService } from './import-rate-card.service.js';
import { PriceWaitingService } from './price-waiting.service.js';
import { RecentRates } from './recent-rates.js';

const TIERS = 'market,category,from,to,rate\nIndia,utility,1,100,0.0014\nIndia,utility,101,,0.0011\n';
const [UNKNOWN_SENDER, NEW_DELHI] = ['7', '800000000000001'];
const NOON = new Date('2026-11-29T12:00:00Z');

let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 3, statementTimeoutMs: 5_000 });
  const cards = new ImportRateCardService(database, new RecentRates(database), new PriceWaitingService(database));
  const card = { currency: 'USD', validUntil: null, source: 'a test', isOfficial: true, tiersCsv: null };
  const csv = 'Market,Marketing,Utility\nIndia,0.0118,0.0014\nBrazil,0.0625,0.0068\n';
  await cards.import({ ...card, validFrom: '2026-10-01', csv, tiersCsv: TIERS });
  await cards.import({ ...card, validFrom: '2026-12-01', csv: 'Market,Utility\nBrazil,0.0070\n' });
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** A process that has estimated nothing so far. */
function setup() {
  const sender = { timezone: 'Asia/Kolkata', currency: 'USD', portfolioId: 'p' };
  const senders = {
    find: (id: string) => Promise.resolve(id === UNKNOWN_SENDER ? null : sender),
  } as unknown as SenderDirectory;
  const service = new EstimateService(senders, new RecentRates(database), Logger.create('silent'));
  return (request: Partial<EstimateRequest>) =>
    service
      .estimatesOf([
        {
          phoneNumberId: NEW_DELHI,
          recipient: '919876543210',
          category: 'utility',
          isGuess: false,
          fallbackCategory: null,
          windowPolicy: 'enforce',
          window: 'open',
          isFreeEntryPoint: false,
          sendAt: NOON,
          ...request,
        },
      ])
      .then(([estimate]) => estimate);
}

describe('an estimate', () => {
  it('has the tier that the month has reached', async () => {
    const key = { portfolioId: 'p', market: 'India', category: 'utility', month: new Date('2026-11-01') };
    expect(await setup()({})).toMatchObject({ mark: 'rated', tierPosition: '1', rateMicros: '1400' });
    await database.prisma.tierUsage.create({ data: { ...key, volume: 100n } });
    expect(await setup()({})).toMatchObject({ mark: 'rated', tierPosition: '101', rateMicros: '1100' });
  });

  it('of a service message is the list rate of utility, whatever the volume', async () => {
    expect(await setup()({ category: null })).toMatchObject({
      category: 'service',
      tierPosition: null,
      rateMicros: '1400',
    });
  });

  it('has the card of the day that it is sent on, where its account is', async () => {
    const estimate = setup();
    const brazilian = { recipient: '5511987654321' };
    expect(await estimate({ ...brazilian, sendAt: new Date('2026-11-30T18:29:59Z') })).toMatchObject({
      day: '2026-11-30',
      rateMicros: '6800',
    });
    expect(await estimate({ ...brazilian, sendAt: new Date('2026-11-30T18:30:00Z') })).toMatchObject({
      day: '2026-12-01',
      rateMicros: '7000',
    });
  });

  it.each<[string, Partial<EstimateRequest>, object | null]>([
    ['no row of the card', { recipient: '4915550000101' }, { mark: 'rate_missing', market: 'Germany' }],
    ['no column of the card', { category: 'authentication' }, { mark: 'rate_missing', category: 'authentication' }],
    ['no card that day', { sendAt: new Date('2026-09-01T00:00:00Z'), window: 'closed' }, { mark: 'rate_missing' }],
    ['a group', { recipient: 'group-1' }, { mark: 'rate_missing', market: null }],
    ['no such sender', { phoneNumberId: UNKNOWN_SENDER }, null],
  ])('is honest about %s', async (_name, request, expected) => {
    const estimate = await setup()(request);
    if (expected === null) expect(estimate).toBeNull();
    else expect(estimate).toMatchObject({ ...expected, rateMicros: null });
  });
});
