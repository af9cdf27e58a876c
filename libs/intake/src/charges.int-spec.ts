import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { attachOrphans } from '#delivery';
import { ImportRateCardService, type RateCardImport, SettleTiersService } from '#pricing';
import { A_SENDER, aMessage, aSender } from '#testing';
import { aDelivery, aStatus, type IntakeWorld, openIntakeWorld } from './specs/intake-world.js';

const SAMPLE = readFileSync(new URL('../../pricing/src/data/usd-2026-01-01.csv', import.meta.url), 'utf8');
const TIERS = `market,category,from,to,rate
Germany,utility,1,20,0.055
Germany,utility,21,50,0.05
Germany,utility,51,,0.0412345
`;
const aCard = (card: Partial<RateCardImport> = {}): RateCardImport => ({
  currency: 'USD',
  validFrom: '2026-01-01',
  validUntil: null,
  source: 'a test',
  isOfficial: false,
  csv: SAMPLE,
  tiersCsv: TIERS,
  ...card,
});

let world: IntakeWorld;
beforeAll(async () => {
  world = await openIntakeWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.run('TRUNCATE rate_card CASCADE');
});

const importCard = (card?: Partial<RateCardImport>) => new ImportRateCardService(world.database).import(aCard(card));
const seconds = (at: string) => Date.parse(at) / 1_000;
const anAcceptedMessage = async (recipient: string, phoneNumberId = A_SENDER.phoneNumberId) => {
  const { id, attempts } = await aMessage(world.database, { state: 'accepted', recipient, phoneNumberId });
  return { id, wamid: attempts[0]?.wamid ?? '', opaque: `a1.${id}.1` };
};
const pricing = (category: string, type = 'regular') => ({ pricing_model: 'PMP', type, category });
const charges = () => world.database.prisma.charge.findMany({ orderBy: { wamid: 'asc' } });
/** Statuses arrive the minute after they happened: what is older than 30 days has no effect. */
const deliver = async (...statuses: ({ timestamp: string } & Record<string, unknown>)[]) => {
  const arrival = Math.max(...statuses.map(({ timestamp }) => Number(timestamp))) + 60;
  await world.store(aDelivery({ statuses }), new Date(arrival * 1_000));
  await world.newIntake().apply();
};

describe('a charge', () => {
  it('arises at the first delivered or read, once, at the rate of its market', async () => {
    await importCard();
    const { id, wamid, opaque } = await anAcceptedMessage('4915550000101');
    await deliver(
      aStatus({ wamid, opaque, status: 'sent', ts: seconds('2026-09-01T10:00:00Z'), pricing: pricing('marketing') }),
    );
    expect(await charges()).toEqual([]);
    const read = aStatus({ wamid, opaque, status: 'read', ts: seconds('2026-09-01T10:00:09Z') });
    const delivered = aStatus({ wamid, opaque, ts: seconds('2026-09-01T10:00:03Z'), pricing: pricing('marketing') });
    await deliver(read);
    await deliver(delivered, delivered, read);
    expect(await charges()).toMatchObject([
      {
        wamid,
        messageId: id,
        market: 'Germany',
        mark: 'rated',
        rateMicros: 136_500n,
        amountMicros: 136_500n,
        currency: 'USD',
      },
    ]);
    expect((await charges())[0]?.chargedAt).toEqual(new Date('2026-09-01T10:00:03Z'));
  });

  it.each([
    ['a free window', pricing('service', 'free_customer_service'), 'free', 'free_customer_service'],
    ['a free type that is new', pricing('utility', 'free_for_all'), 'free', 'free_for_all'],
    ['a type that is new', pricing('utility', 'surge'), 'type_unknown', null],
    ['a category that is new', pricing('poetry'), 'type_unknown', null],
  ])('of %s is nothing, and says why', async (_case, reported, mark, because) => {
    await importCard();
    const { wamid, opaque } = await anAcceptedMessage('4915550000101');
    await deliver(aStatus({ wamid, opaque, pricing: reported }));
    expect(await charges()).toMatchObject([{ mark, because, amountMicros: 0n }]);
    const alerts = await world.database.prisma.alert.findMany();
    expect(alerts.map(({ kind }) => kind)).toEqual(mark === 'type_unknown' ? ['pricing_unknown'] : []);
  });

  it('of a service message costs nothing in September 2026, and what a utility message costs in October', async () => {
    await importCard();
    for (const at of ['2026-09-30T23:59:59Z', '2026-10-01T00:00:00Z']) {
      const { wamid, opaque } = await anAcceptedMessage('4915550000101');
      const type = at < '2026-10' ? 'free_customer_service' : 'regular';
      await deliver(aStatus({ wamid, opaque, ts: seconds(at), pricing: pricing('service', type) }));
    }
    const found = await world.database.prisma.charge.findMany({ orderBy: { chargedAt: 'asc' } });
    expect(found.map(({ era, amountMicros }) => [era, amountMicros])).toEqual([
      ['pmp_1', 0n],
      ['pmp_2', 55_000n],
    ]);
  });

  it('without a rate waits for its card', async () => {
    const { wamid, opaque } = await anAcceptedMessage('4915550000101');
    const ts = seconds('2026-09-01T10:00:00Z');
    await deliver(aStatus({ wamid, opaque, ts, pricing: pricing('utility') }));
    expect(await charges()).toMatchObject([{ mark: 'rate_missing', amountMicros: 0n }]);
    expect((await importCard()).priced).toBe(1);
    expect(await charges()).toMatchObject([{ mark: 'rated', amountMicros: 55_000n }]);
  });

  it('of a message that we did not send is foreign, until it turns out to be ours', async () => {
    await importCard();
    const wamid = 'wamid.foreign';
    await deliver(aStatus({ wamid, ts: seconds('2026-09-01T10:00:00Z'), pricing: pricing('utility') }));
    expect(await charges()).toMatchObject([{ wamid, messageId: null, clientId: null, mark: 'rated' }]);
    const { id } = await aMessage(world.database, { state: 'accepted', attempts: [{ state: 'accepted', wamid }] });
    await world.database.transaction((tx) => attachOrphans(tx, [wamid]));
    expect(await charges()).toMatchObject([{ wamid, messageId: id, attemptNo: 1, mark: 'rated' }]);
  });

  it('of the historic model is paid by the first message of its conversation', async () => {
    await importCard({ validFrom: '2025-01-01' });
    const model = { billable: true, pricing_model: 'CBP', category: 'utility' };
    const conversation = { id: 'c1', origin: { type: 'utility' } };
    for (const minute of ['00', '01']) {
      const { wamid, opaque } = await anAcceptedMessage('4915550000101');
      const ts = seconds(`2025-06-01T10:${minute}:00Z`);
      await deliver({ ...aStatus({ wamid, opaque, ts, pricing: model }), conversation });
    }
    const found = await world.database.prisma.charge.findMany({ orderBy: { chargedAt: 'asc' } });
    expect(found).toMatchObject([
      { era: 'cbp', mark: 'rated', amountMicros: 55_000n },
      { era: 'cbp', mark: 'free', because: 'in_paid_conversation', amountMicros: 0n },
    ]);
  });
});

/** An other reckoning of the same month, which shares nothing with `pricing`: decimals as the card has them, days by offset. */
describe('a month across a card, a tier, a month end and 2026-10-01', () => {
  const OFFSET_HOURS = -3;
  const JULY_CARD = SAMPLE.replace('Germany,USD,0.1365,0.0550', 'Germany,USD,0.1401,0.0555');
  const KINDS = [
    { digits: '49155500001', market: 'Germany', category: 'marketing', type: 'regular' },
    { digits: '49155500002', market: 'Germany', category: 'utility', type: 'regular' },
    { digits: '52155500003', market: 'Mexico', category: 'authentication', type: 'regular' },
    { digits: '15550000004', market: 'North America', category: 'service', type: 'regular' },
    { digits: '44155500005', market: 'United Kingdom', category: 'utility', type: 'free_customer_service' },
  ] as const;
  const rateOf = (card: string, market: string, category: string) => {
    const column = { marketing: 2, utility: 3, authentication: 4, service: 3 }[category] ?? 0;
    const line = card.split('\n').find((text) => text.startsWith(`${market},`)) ?? '';
    return Math.round(Number(line.split(',')[column]) * 1e6);
  };

  it.each([1, 2, 3])('costs the same to the micro-unit, in whatever order it is told (seed %i)', async (seed) => {
    let state = seed;
    const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
    await importCard({ validUntil: '2026-09-16' });
    await importCard({ validFrom: '2026-09-16', csv: JULY_CARD, tiersCsv: TIERS.replace('0.05\n', '0.051\n') });
    const [phoneNumberId, wabaId] = [`80000000000010${seed}`, `90000000000010${seed}`];
    await aSender(world.database, { phoneNumberId, wabaId, portfolioId: `portfolio-${seed}` });
    await world.database.prisma.waba.update({ where: { id: wabaId }, data: { timezone: 'America/Sao_Paulo' } });

    const sent = await Promise.all(
      Array.from({ length: 160 }, async (_, n) => {
        const kind = KINDS[random(KINDS.length)] ?? KINDS[0];
        const at = seconds('2026-09-04T03:00:00Z') + random(28 * 86_400);
        const { wamid, opaque } = await anAcceptedMessage(`${kind.digits}${n % 10}`, phoneNumberId);
        return { ...kind, at, wamid, opaque };
      }),
    );
    const statuses = sent.flatMap(({ at, wamid, opaque, category, type }) => [
      aStatus({ wamid, opaque, status: 'sent', ts: at - 1, pricing: pricing(category, type) }),
      aStatus({ wamid, opaque, status: 'delivered', ts: at, pricing: pricing(category, type) }),
      aStatus({ wamid, opaque, status: 'read', ts: at + 2 }),
    ]);
    for (let left = statuses.length; left > 1; left -= 1) {
      const [one, other] = [left - 1, random(left)];
      [statuses[one], statuses[other]] = [statuses[other]!, statuses[one]!];
    }
    while (statuses.length > 0)
      await world.store(
        aDelivery({ statuses: statuses.splice(0, 1 + random(40)) }, { phoneNumberId, wabaId }),
        new Date('2026-10-03T00:00:00Z'),
      );
    await world.newIntake().apply();
    await new SettleTiersService(world.database).settle();

    const expected = new Map<string, number>();
    const volume = new Map<string, number>();
    for (const { market, category, type, at, wamid } of sent.toSorted(
      (a, b) => a.at - b.at || (a.wamid < b.wamid ? -1 : 1),
    )) {
      const day = new Date((at + OFFSET_HOURS * 3_600) * 1_000).toISOString().slice(0, 10);
      const isLater = day >= '2026-09-16';
      let micros = type === 'regular' ? rateOf(isLater ? JULY_CARD : SAMPLE, market, category) : 0;
      const group = `${market} ${category} ${day.slice(0, 7)}`;
      if (type === 'regular' && market === 'Germany' && category === 'utility') {
        const n = (volume.get(group) ?? 0) + 1;
        volume.set(group, n);
        micros = n <= 20 ? 55_000 : n <= 50 ? (isLater ? 51_000 : 50_000) : 41_235;
      }
      expect(wamid).not.toBe('');
      expected.set(group, (expected.get(group) ?? 0) + micros);
    }
    const totals = await world.run<{ group: string; micros: string }>(
      `SELECT market || ' ' || pricing_category || ' ' || to_char(month, 'YYYY-MM') AS group, sum(amount_micros)::text AS micros FROM (
         SELECT market, pricing_category, month, amount_micros FROM charge WHERE waba_id = $1
         UNION ALL SELECT market, category, month, amount_micros FROM tier_adjustment WHERE portfolio_id = $2
       ) c GROUP BY 1`,
      wabaId,
      `portfolio-${seed}`,
    );
    expect(Object.fromEntries(totals.map(({ group, micros }) => [group, Number(micros)]))).toEqual(
      Object.fromEntries(expected),
    );
  });
});
