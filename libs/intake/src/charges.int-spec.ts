import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { consentWords } from '#contacts';
import { AttachOrphansService } from '#delivery';
import { splitNotification } from '#graph-api';
import {
  ImportRateCardService,
  type RateCardImport,
  PriceWaitingService,
  RecentRates,
  SettleTiersService,
} from '#pricing';
import { A_SENDER, aMessage, aSender } from '#testing';
import { applyItems } from './apply-items.js';
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

const importCard = (card?: Partial<RateCardImport>) =>
  new ImportRateCardService(
    world.database,
    new RecentRates(world.database),
    new PriceWaitingService(world.database),
  ).import(aCard(card));
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
    ['a type without a category', { pricing_model: 'PMP', type: 'meta_agent' }, 'type_unknown', null],
    ['a free type without a category', { pricing_model: 'PMP', type: 'free_allowance' }, 'free', 'free_allowance'],
  ])('of %s is nothing, and says why', async (_case, reported, mark, because) => {
    await importCard();
    const { wamid, opaque } = await anAcceptedMessage('4915550000101');
    await deliver(aStatus({ wamid, opaque, pricing: reported }));
    expect(await charges()).toMatchObject([{ mark, because, amountMicros: 0n }]);
    const alerts = await world.database.prisma.alert.findMany();
    expect(alerts.map(({ kind }) => kind)).toEqual(mark === 'type_unknown' ? ['pricing_unknown'] : []);
  });

  it('is as the first pricing object with a category says, whatever one without said before', async () => {
    await importCard();
    const { wamid, opaque } = await anAcceptedMessage('4915550000101');
    const ts = seconds('2026-09-01T10:00:00Z');
    await deliver(aStatus({ wamid, opaque, status: 'sent', ts, pricing: { pricing_model: 'PMP', type: 'regular' } }));
    await deliver(aStatus({ wamid, opaque, ts: ts + 1, pricing: pricing('utility') }));
    expect(await charges()).toMatchObject([{ mark: 'rated', pricingCategory: 'utility', amountMicros: 55_000n }]);
  });

  it('of another system’s message is nothing where Meta names a type alone', async () => {
    await importCard();
    await deliver(aStatus({ wamid: 'wamid.other', pricing: { pricing_model: 'PMP', type: 'meta_agent' } }));
    expect(await charges()).toMatchObject([{ messageId: null, mark: 'type_unknown', pricingCategory: 'unnamed' }]);
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

  it('of a delivery that Meta dates ahead arises in the month in which it came', async () => {
    await importCard();
    const { id, wamid, opaque } = await anAcceptedMessage('4915550000101');
    await world.store(
      aDelivery({ statuses: [aStatus({ wamid, opaque, ts: 4_000_000_000, pricing: pricing('utility') })] }),
      new Date('2026-09-01T10:00:00Z'),
    );
    await world.newIntake().apply();
    expect((await charges())[0]?.chargedAt).toEqual(new Date('2026-09-01T10:01:00Z'));
    expect((await world.message(id)).deliveredAt).toEqual(new Date('2026-09-01T10:01:00Z'));
  });

  it('by a card without an end is priced anew when a later card claims its day, in any order', async () => {
    const later = {
      validFrom: '2026-09-16',
      csv: SAMPLE.replace('Germany,USD,0.1365,0.0550', 'Germany,USD,0.1401,0.0555'),
    };
    const told = ['2026-09-15T10:00:00Z', '2026-09-16T10:00:00Z', '2026-09-17T10:00:00Z'];
    const amounts = async () => {
      await new SettleTiersService(world.database).settle();
      const adjusted = await world.database.prisma.tierAdjustment.aggregate({ _sum: { amountMicros: true } });
      const standing = await world.database.prisma.charge.findMany({ orderBy: { chargedAt: 'asc' } });
      return [standing.map(({ amountMicros }) => amountMicros), adjusted._sum.amountMicros ?? 0n];
    };
    await importCard({ tiersCsv: null });
    for (const at of told) {
      const { wamid, opaque } = await anAcceptedMessage('4915550000101');
      await deliver(aStatus({ wamid, opaque, ts: seconds(at), pricing: pricing('utility') }));
    }
    expect(await amounts()).toEqual([[55_000n, 55_000n, 55_000n], 0n]);
    expect((await importCard({ ...later, tiersCsv: null })).priced).toBe(2);
    expect(await amounts()).toEqual([[55_000n, 55_500n, 55_500n], 0n]);
  });

  it('of a card whose import died before it had priced anything anew is priced by the next look, until nothing is left', async () => {
    await importCard();
    const { wamid, opaque } = await anAcceptedMessage('4915550000101');
    await deliver(aStatus({ wamid, opaque, ts: seconds('2026-09-16T10:00:00Z'), pricing: pricing('utility') }));
    const earlier = await world.database.prisma.charge.findUniqueOrThrow({ where: { wamid } });
    const waiting = new PriceWaitingService(world.database);
    const dying = { price: () => Promise.reject(new Error('killed')) } as unknown as PriceWaitingService;
    const csv = SAMPLE.replace('Germany,USD,0.1365,0.0550', 'Germany,USD,0.1401,0.0555');
    const later = aCard({ validFrom: '2026-09-16', csv, tiersCsv: null });
    await expect(
      new ImportRateCardService(world.database, new RecentRates(world.database), dying).import(later),
    ).rejects.toThrow('killed');
    const marks = async () =>
      (await world.database.prisma.rateCard.findMany({ orderBy: { validFrom: 'asc' } })).map(
        ({ repricedAt }) => repricedAt !== null,
      );
    expect(await charges()).toMatchObject([{ amountMicros: 55_000n }]);
    expect([await waiting.price(), await waiting.price()]).toEqual([1, 0]);
    expect(await charges()).toMatchObject([{ amountMicros: 55_500n }]);
    // By a transaction that had read the rates before.
    await world.run('UPDATE charge SET card_id = $1, rate_micros = 55000, amount_micros = 55000', earlier.cardId);
    expect([await marks(), await waiting.price()]).toEqual([[false, false], 1]);
    await world.run(`UPDATE rate_card SET imported_at = now() - interval '2 minutes'`);
    expect([await waiting.price(), await marks()]).toEqual([0, [true, true]]);
    expect(await charges()).toMatchObject([{ amountMicros: 55_500n }]);
    // One between the two leaves the days of the later one alone.
    expect((await importCard({ validFrom: '2026-03-01' })).priced).toBe(0);
    await world.run(`UPDATE rate_card SET imported_at = now() - interval '2 minutes'`);
    expect([await waiting.price(), await marks()]).toEqual([0, [true, true, true]]);
  });

  it('whose rate came while it was recorded is priced by the next look', async () => {
    const { wamid, opaque } = await anAcceptedMessage('4915550000101');
    await deliver(aStatus({ wamid, opaque, ts: seconds('2026-09-01T10:00:00Z'), pricing: pricing('utility') }));
    // As if the import had not seen it.
    await world.run(`ALTER TABLE charge DISABLE TRIGGER USER`);
    await world.run(`UPDATE charge SET mark = 'type_unknown' WHERE wamid = $1`, wamid);
    await importCard();
    await world.run(`UPDATE charge SET mark = 'rate_missing' WHERE wamid = $1`, wamid);
    await world.run(`ALTER TABLE charge ENABLE TRIGGER USER`);
    const waiting = new PriceWaitingService(world.database);
    expect([await waiting.price(), await waiting.price()]).toEqual([1, 0]);
    expect(await world.database.prisma.charge.findUnique({ where: { wamid } })).toMatchObject({ mark: 'rated' });
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
    await new AttachOrphansService(world.database).attach([wamid]);
    expect(await charges()).toMatchObject([{ wamid, messageId: id, attemptNo: 1, mark: 'rated' }]);
  });

  it('of a message that we did not send is of the recipient whom its first status names, in whatever order they come', async () => {
    await importCard();
    const told = [
      aStatus({
        wamid: 'wamid.foreign',
        status: 'sent',
        ts: seconds('2026-09-01T10:00:00Z'),
        pricing: pricing('utility'),
      }),
      aStatus({
        wamid: 'wamid.foreign',
        ts: seconds('2026-09-01T10:00:03Z'),
        pricing: pricing('utility'),
      }),
    ].map((status, n) => ({ ...status, recipient_id: ['4915550000101', 'US.13491208655302741918'][n] }));
    for (const order of [told, told.toReversed()]) {
      await world.clear();
      for (const status of order) await deliver(status);
      expect(await charges()).toMatchObject([{ recipient: '4915550000101', market: 'Germany', amountMicros: 55_000n }]);
    }
  });

  it('of a message that two statuses of one second tell of otherwise is the same in whatever order they come', async () => {
    await importCard();
    const ts = seconds('2026-09-01T10:00:00Z');
    const told = [
      { ...aStatus({ wamid: 'wamid.foreign', ts, pricing: pricing('marketing') }), recipient_id: '4915550000101' },
      { ...aStatus({ wamid: 'wamid.foreign', ts, pricing: pricing('utility') }), recipient_id: '15550000102' },
    ];
    for (const order of [told, told.toReversed()]) {
      await world.clear();
      await deliver(...order);
      expect(await charges()).toMatchObject([{ recipient: '15550000102', category: 'utility' }]);
    }
  });

  describe('of an account whose currency and portfolio are put right', () => {
    afterEach(() =>
      world.database.prisma.waba.update({
        where: { id: A_SENDER.wabaId },
        data: { currency: 'USD', portfolioId: `waba-${A_SENDER.wabaId}` },
      }),
    );

    it('is of the new ones when it is written anew, and counts in no tier of the old', async () => {
      await importCard();
      await importCard({
        currency: 'EUR',
        csv: SAMPLE.replaceAll('USD', 'EUR'),
        tiersCsv: TIERS.replace('0.055', '0.06'),
      });
      const { wamid, opaque } = await anAcceptedMessage('4915550000101');
      const billed = { wamid, opaque, pricing: pricing('utility') };
      await deliver(aStatus({ ...billed, status: 'read', ts: seconds('2026-10-01T00:00:02Z') }));
      await world.database.prisma.waba.update({
        where: { id: A_SENDER.wabaId },
        data: { currency: 'EUR', portfolioId: 'other' },
      });
      await deliver(aStatus({ ...billed, ts: seconds('2026-09-30T23:59:58Z') }));
      expect(await charges()).toMatchObject([{ currency: 'EUR', portfolioId: 'other', amountMicros: 60_000n }]);
      const usage = await world.database.prisma.tierUsage.findMany({ orderBy: { month: 'asc' } });
      expect(usage.map(({ portfolioId, month, volume }) => [portfolioId, month, volume])).toEqual([
        ['other', new Date('2026-09-01'), 1n],
        [`waba-${A_SENDER.wabaId}`, new Date('2026-10-01'), 0n],
      ]);
    });
  });

  it('that leaves a month takes what its tiers were adjusted by with it', async () => {
    await importCard({
      tiersCsv: 'market,category,from,to,rate\nGermany,utility,1,1,0.055\nGermany,utility,2,,0.05\n',
    });
    const [one, other] = [await anAcceptedMessage('4915550000101'), await anAcceptedMessage('4915550000102')];
    const tell = ({ wamid, opaque }: typeof one, status: string, at: string) =>
      deliver(aStatus({ wamid, opaque, status, ts: seconds(at), pricing: pricing('utility') }));
    const adjusted = async () => {
      await new SettleTiersService(world.database).settle();
      const october = await world.database.prisma.tierAdjustment.findMany({ where: { month: new Date('2026-10-01') } });
      return october.map(({ amountMicros }) => amountMicros);
    };
    await tell(one, 'read', '2026-10-01T00:00:01Z');
    await tell(other, 'read', '2026-10-01T00:00:02Z');
    await tell(one, 'delivered', '2026-09-30T23:59:58Z');
    expect(await adjusted()).toEqual([5_000n]);
    await tell(other, 'delivered', '2026-09-30T23:59:59Z');
    expect(await adjusted()).toEqual([0n]);
  });

  describe('of a message to a group', () => {
    const GROUP = 'Y2FwaV9ncm91cDoxNTU1MDEwMDEwMDoxMjAzNjMwMDAwMDAwMDAwMDAZD';
    const [GERMAN, INDIAN, BRAZILIAN] = ['4915550000101', '919555000101', 'BR.13491208655302741918'];
    const ts = seconds('2026-10-05T10:00:00Z');
    const toMember = (
      wamid: string,
      member: string | null,
      more: { status?: string; ts?: number; pricing?: object },
    ) => ({
      ...aStatus({ wamid, ts, pricing: pricing('group_utility'), ...more } as Parameters<typeof aStatus>[0]),
      recipient_id: GROUP,
      recipient_type: 'group',
      ...(member === null
        ? {}
        : member.startsWith('BR.')
          ? { recipient_participant_user_id: member }
          : { recipient_participant_id: member }),
    });
    const WAMID = 'wamid.group';
    /** Two are reached, one of them has only read it; the group as a whole is no member. */
    const STATUSES = [
      toMember(WAMID, null, { status: 'sent', ts: ts - 1 }),
      toMember(WAMID, GERMAN, {}),
      toMember(WAMID, GERMAN, { status: 'read', ts: ts + 9, pricing: undefined }),
      toMember(WAMID, INDIAN, { status: 'read', ts: ts + 86_400, pricing: undefined }),
      toMember(WAMID, BRAZILIAN, { status: 'failed', pricing: undefined }),
      toMember(WAMID, null, { ts: ts + 5 }),
    ];
    const EXPECTED = [
      {
        wamid: `${WAMID} ${GERMAN}`,
        market: 'Germany',
        mark: 'rated',
        amountMicros: 55_000n,
        day: new Date('2026-10-05'),
      },
      {
        wamid: `${WAMID} ${INDIAN}`,
        market: 'India',
        mark: 'rated',
        amountMicros: 1_400n,
        day: new Date('2026-10-06'),
      },
    ];
    const aGroupMessage = () =>
      aMessage(world.database, {
        ...{ state: 'accepted', recipient: GROUP, recipientKind: 'group' },
        attempts: [{ state: 'accepted', wamid: WAMID }],
      });

    it.each([
      ['in order', STATUSES],
      ['the other way round, and twice', [...STATUSES.toReversed(), ...STATUSES]],
    ])('there is one for each member that it reaches, told %s', async (_how, statuses) => {
      await importCard();
      const { id } = await aGroupMessage();
      for (const status of statuses) await deliver(status);
      expect(await charges()).toMatchObject(EXPECTED.map((each) => ({ ...each, messageId: id })));
    });

    it('that another system sent there is, too, and it is the same once the message turns out to be ours', async () => {
      await importCard();
      for (const status of STATUSES) await deliver(status);
      expect(await charges()).toMatchObject(EXPECTED.map((each) => ({ ...each, messageId: null })));
      const { id } = await aGroupMessage();
      await new AttachOrphansService(world.database).attach([WAMID]);
      expect(await charges()).toMatchObject(EXPECTED.map((each) => ({ ...each, messageId: id })));
    });
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

describe('a conversation of the historic model', () => {
  const model = { billable: true, pricing_model: 'CBP', category: 'utility' };
  const START = seconds('2025-05-31T23:59:58Z');
  /** Delivered a second apart, over the end of a month, the last two in one second; the fourth is another system's. */
  const delivered = async () => {
    const known = await Promise.all([1, 2, 3].map(() => anAcceptedMessage('4915550000101')));
    return [...known, { wamid: 'wamid.foreign', opaque: undefined }]
      .toSorted((a, b) => (a.wamid < b.wamid ? -1 : 1))
      .map(({ wamid, opaque }, n) => ({ wamid, ...(opaque && { opaque }), ts: START + Math.min(n, 2) }));
  };
  type Delivered = Awaited<ReturnType<typeof delivered>>[number];
  const statusOf = (message: Delivered, id = 'c1', rest = {}) => ({
    ...aStatus({ ...message, pricing: model, ...rest }),
    recipient_id: '4915550000101',
    conversation: { id, origin: { type: 'utility' } },
  });
  const standing = async () =>
    (await charges()).map(({ wamid, mark, because, amountMicros, conversationId }) => [
      wamid,
      mark,
      because,
      amountMicros,
      conversationId,
    ]);
  const paid = (wamid: string, id = 'c1') => [wamid, 'rated', null, 55_000n, id];
  const unpaid = (wamid: string, id = 'c1') => [wamid, 'free', 'in_paid_conversation', 0n, id];
  const orders = (n: number): number[][] =>
    n === 0
      ? [[]]
      : orders(n - 1).flatMap((order) =>
          order.map((_each, at) => order.toSpliced(at, 0, n - 1)).concat([[...order, n - 1]]),
        );

  it('is paid by the message that was delivered first, in whatever order that becomes known', async () => {
    await importCard({ validFrom: '2025-01-01' });
    const messages = await delivered();
    const expected = messages.map(({ wamid }, n) => (n === 0 ? paid(wamid) : unpaid(wamid)));
    for (const order of orders(messages.length)) {
      await world.run('TRUNCATE charge, status_event, orphan_status');
      for (const at of order) await deliver(statusOf(messages[at]!));
      expect([order, await standing()]).toEqual([order, expected]);
    }
    await world.run('TRUNCATE charge, status_event, orphan_status');
    await deliver(...messages.toReversed().map((message) => statusOf(message)));
    expect(await standing()).toEqual(expected);
  }, 60_000);

  it.each([
    [0, 1],
    [1, 0],
    [0, 3],
    [3, 0],
    [2, 3],
    [3, 2],
  ])('is paid once, by the same, when two workers charge messages of it at once: %i and %i', async (one, other) => {
    await importCard({ validFrom: '2025-01-01' });
    const messages = await delivered();
    const both = [messages[one]!, messages[other]!];
    const charge = (message: Delivered, meanwhile = () => Promise.resolve()) =>
      world.database.transaction(async (tx) => {
        const items = splitNotification(JSON.stringify(aDelivery({ statuses: [statusOf(message)] })));
        const arrived = items.map((item) => ({ item, inboxId: uuidv7(), receivedAt: new Date((START + 60) * 1_000) }));
        await applyItems(tx, arrived, consentWords([], []));
        await meanwhile();
      });
    let second = Promise.resolve();
    await charge(both[0]!, async () => {
      second = charge(both[1]!);
      await Promise.race([second, setTimeout(300)]);
    });
    await second;
    const [first] = both.toSorted((a, b) => a.ts - b.ts || (a.wamid < b.wamid ? -1 : 1));
    expect(await standing()).toEqual(
      both
        .toSorted((a, b) => (a.wamid < b.wamid ? -1 : 1))
        .map((message) => (message === first ? paid(message.wamid) : unpaid(message.wamid))),
    );
  });

  it('is paid by the next when the first turns out to be free, or of another conversation', async () => {
    await importCard({ validFrom: '2025-01-01' });
    const [first, second, third] = (await delivered()) as [Delivered, Delivered, Delivered];
    await deliver(...[first, second, third].map((message) => statusOf(message)));
    const sent = { status: 'sent', ts: START - 9 };
    await deliver({ ...statusOf(first, 'c1', { ...sent, pricing: { ...model, category: 'referral_conversion' } }) });
    expect(await standing()).toEqual([
      [first.wamid, 'free', 'free_entry_point', 0n, null],
      paid(second.wamid),
      unpaid(third.wamid),
    ]);
    await deliver(statusOf(second, 'c2', sent));
    expect(await standing()).toEqual([
      [first.wamid, 'free', 'free_entry_point', 0n, null],
      paid(second.wamid, 'c2'),
      paid(third.wamid),
    ]);
  });

  it('has a message whose earlier status names it, or its model, alone', async () => {
    await importCard({ validFrom: '2025-01-01' });
    const [first, second, third] = (await delivered()) as [Delivered, Delivered, Delivered];
    const unnamed = { ...statusOf(second), conversation: undefined };
    const ofNoModel = statusOf(third, 'c1', { ts: seconds('2026-09-01T10:00:00Z'), pricing: pricing('utility') });
    await deliver(statusOf(first), unnamed);
    await deliver(ofNoModel);
    expect(await standing()).toEqual([
      paid(first.wamid),
      [second.wamid, 'rated', null, 55_000n, null],
      [third.wamid, 'rated', null, 55_000n, null],
    ]);
    const sent = { status: 'sent', ts: START - 9 };
    await deliver(
      statusOf(second, 'c1', sent),
      statusOf(third, 'c1', { ...sent, pricing: { ...pricing('utility'), pricing_model: 'CBP' } }),
    );
    expect(await standing()).toEqual([paid(first.wamid), unpaid(second.wamid), unpaid(third.wamid)]);
  });

  it('is paid by the same when its rate comes later, and when a later card claims its day', async () => {
    const messages = (await delivered()).toReversed();
    for (const message of messages) await deliver(statusOf(message));
    const priced = [await importCard({ validFrom: '2025-01-01' }), await importCard({ validFrom: '2025-05-31' })];
    expect(priced.map((card) => card.priced)).toEqual([1, 1]);
    expect(await standing()).toEqual(
      messages.toReversed().map(({ wamid }, n) => (n === 0 ? paid(wamid) : unpaid(wamid))),
    );
  });
});

/** An other reckoning of the same month, which shares nothing with `pricing`: decimals as the cards have them, days by offset. */
describe('a month across two cards, a tier, a month end and 2026-10-01', () => {
  const OFFSET_HOURS = -3;
  const MIDDLE_CARD = SAMPLE.replace('Germany,USD,0.1365,0.0550', 'Germany,USD,0.1401,0.0555');
  const MIDDLE_TIERS = TIERS.replace('0.055\n', '0.0555\n').replace('0.05\n', '0.051\n');
  /** With a column for service, which only North America has a rate in, and a market of its own for Kuwait. */
  const OCTOBER_CARD = `${MIDDLE_CARD}Kuwait,USD,0.0400,0.0123,0.0123,\n`
    .split('\n')
    .map((line, index) => (index === 0 ? `${line},Service` : `${line},${line.startsWith('North') ? '0.0041' : ''}`))
    .join('\n')
    .trim()
    .replace(/,$/, '');
  const CARDS = [
    { from: '', csv: SAMPLE, tiers: [55_000, 50_000, 41_235] },
    { from: '2026-09-16', csv: MIDDLE_CARD, tiers: [55_500, 51_000, 41_235] },
    { from: '2026-10-01', csv: OCTOBER_CARD, tiers: [55_500, 51_000, 41_235] },
  ];
  /** `inWindow`: free until 2026-09-30. */
  const KINDS = [
    { digits: '49155500001', market: 'Germany', category: 'marketing' },
    { digits: '49155500002', market: 'Germany', category: 'utility' },
    { digits: '49155500003', market: 'Germany', category: 'utility' },
    { digits: '49155500006', market: 'Germany', category: 'service', inWindow: true },
    { digits: '52155500003', market: 'Mexico', category: 'authentication' },
    { digits: '15550000004', market: 'North America', category: 'service', inWindow: true },
    { digits: '44155500005', market: 'United Kingdom', category: 'utility', inWindow: true },
    { digits: '96550000007', market: 'Kuwait', category: 'utility', until: 'Rest of Middle East' },
  ];
  const cell = (card: string, market: string, column: string) => {
    const [header = '', ...rows] = card.split('\n');
    const at = header.split(',').indexOf(column);
    return rows.find((text) => text.startsWith(`${market},`))?.split(',')[at] ?? '';
  };
  const rateOf = (card: string, market: string, category: string) => {
    const column = { marketing: 'Marketing', utility: 'Utility', authentication: 'Authentication', service: 'Service' }[
      category
    ];
    return Math.round(Number(cell(card, market, column ?? '') || cell(card, market, 'Utility')) * 1e6);
  };
  const dayAt = (at: number) => new Date((at + OFFSET_HOURS * 3_600) * 1_000).toISOString().slice(0, 10);

  it.each([1, 2, 3])('costs the same to the micro-unit, in whatever order it is told (seed %i)', async (seed) => {
    let state = seed;
    const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
    await importCard({ validUntil: '2026-09-16' });
    await importCard({ validFrom: '2026-09-16', csv: MIDDLE_CARD, tiersCsv: MIDDLE_TIERS });
    await importCard({ validFrom: '2026-10-01', csv: OCTOBER_CARD, tiersCsv: MIDDLE_TIERS });
    // Two accounts of one portfolio: their tiers are one.
    const accounts = [1, 2].map((n) => ({
      phoneNumberId: `8000000000${n}010${seed}`,
      wabaId: `9000000000${n}010${seed}`,
    }));
    for (const account of accounts) {
      await aSender(world.database, { ...account, portfolioId: `portfolio-${seed}` });
      await world.database.prisma.waba.update({
        where: { id: account.wabaId },
        data: { timezone: 'America/Sao_Paulo' },
      });
    }

    const sent = await Promise.all(
      Array.from({ length: 320 }, async (_, n) => {
        const kind = KINDS[random(KINDS.length)] ?? KINDS[0]!;
        // Every fourth in the hours around midnight, UTC and there, between the months.
        const at =
          n % 4 === 0
            ? seconds('2026-09-30T23:00:00Z') + random(8 * 3_600)
            : seconds('2026-09-04T03:00:00Z') + random(28 * 86_400);
        const account = accounts[n % 2]!;
        const { wamid, opaque } = await anAcceptedMessage(`${kind.digits}${n % 10}`, account.phoneNumberId);
        const isFree = kind.inWindow === true && dayAt(at) < '2026-10-01';
        return { ...kind, at, wamid, opaque, account, isFree };
      }),
    );
    const reported = sent.flatMap(({ at, wamid, opaque, category, isFree, account }) => {
      const billed = pricing(category, isFree ? 'free_customer_service' : 'regular');
      return [
        { account, status: aStatus({ wamid, opaque, status: 'sent', ts: at - 1, pricing: billed }) },
        { account, status: aStatus({ wamid, opaque, status: 'delivered', ts: at, pricing: billed }) },
        { account, status: aStatus({ wamid, opaque, status: 'read', ts: at + 2 }) },
      ];
    });
    // Some come twice, and all of them in any order.
    const statuses = [...reported, ...reported.filter(() => random(10) === 0)];
    for (let left = statuses.length; left > 1; left -= 1) {
      const [one, other] = [left - 1, random(left)];
      [statuses[one], statuses[other]] = [statuses[other]!, statuses[one]!];
    }
    // Tiers are settled between arrivals: what comes late puts them right again.
    for (let round = 0; statuses.length > 0; round += 1) {
      const batch = statuses.splice(0, 1 + random(60));
      for (const account of accounts) {
        const own = batch.filter((each) => each.account === account).map(({ status }) => status);
        if (own.length > 0) await world.store(aDelivery({ statuses: own }, account), new Date('2026-10-03T00:00:00Z'));
      }
      if (round % 4 !== 3) continue;
      await world.newIntake().apply();
      await new SettleTiersService(world.database).settle();
    }
    await world.newIntake().apply();
    await new SettleTiersService(world.database).settle();

    const expected = new Map<string, number>();
    const volume = new Map<string, number>();
    const inOrder = sent.toSorted((a, b) => a.at - b.at || (a.wamid < b.wamid ? -1 : 1));
    for (const { market, until, category, isFree, at } of inOrder) {
      const day = dayAt(at);
      const { csv, tiers } = CARDS.findLast(({ from }) => from <= day)!;
      const where = until !== undefined && day < '2026-10-01' ? until : market;
      let micros = isFree ? 0 : rateOf(csv, where, category);
      const group = `${where} ${category} ${day.slice(0, 7)}`;
      if (market === 'Germany' && category === 'utility') {
        const n = (volume.get(group) ?? 0) + 1;
        volume.set(group, n);
        micros = tiers[n <= 20 ? 0 : n <= 50 ? 1 : 2]!;
      }
      expected.set(group, (expected.get(group) ?? 0) + micros);
    }
    const totals = await world.run<{ group: string; micros: string }>(
      `SELECT market || ' ' || pricing_category || ' ' || to_char(month, 'YYYY-MM') AS group, sum(amount_micros)::text AS micros FROM (
         SELECT market, pricing_category, month, amount_micros FROM charge WHERE portfolio_id = $1
         UNION ALL SELECT market, category, month, amount_micros FROM tier_adjustment WHERE portfolio_id = $1
       ) c GROUP BY 1`,
      `portfolio-${seed}`,
    );
    expect(Object.fromEntries(totals.map(({ group, micros }) => [group, Number(micros)]))).toEqual(
      Object.fromEntries(expected),
    );
    expect(await world.database.prisma.charge.count()).toBe(sent.length);
    // What the test is about is in it: a step of tiers, both months, and both eras of a service message.
    expect(volume.get('Germany utility 2026-09')).toBeGreaterThan(50);
    expect(expected.get('Germany service 2026-09')).toBe(0);
    expect(expected.get('North America service 2026-10')).toBeGreaterThan(0);
  });
});
