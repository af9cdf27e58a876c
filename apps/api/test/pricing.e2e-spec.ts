import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '#persistence';
import { aSender } from '#testing';
import { aSend, type ApiApp, SENDER, startApi } from './api-app.js';

let api: ApiApp;
let database: Database;
beforeAll(async () => {
  api = await startApi();
  database = api.app.get(Database);
}, 60_000);
afterAll(() => api.close());
beforeEach(async () => {
  await database.prisma.charge.deleteMany();
  await database.prisma.tierAdjustment.deleteMany();
  await database.prisma.rateCard.deleteMany();
});

const CARD = {
  currency: 'USD',
  validFrom: '2026-01-01',
  source: 'a test',
  csv: 'Market,Marketing,Utility\nBrazil,0.0625,0.0068\n',
};
const importCard = (card: object = {}) => api.call('POST', '/v1/rate-cards', { body: { ...CARD, ...card } });

/** A charge as intake would write it. */
async function aCharge(charge: {
  wamid: string;
  day: string;
  category?: string;
  cardId: string;
  rateMicros: bigint;
  messageId?: string;
  clientId?: string;
  phoneNumberId?: string;
  tierPosition?: bigint;
}): Promise<void> {
  const { day, category = 'utility', rateMicros, messageId = null, clientId = null, tierPosition } = charge;
  await database.prisma.charge.create({
    data: {
      ...{ wamid: charge.wamid, messageId, clientId, attemptNo: messageId === null ? null : 1 },
      ...{ phoneNumberId: charge.phoneNumberId ?? SENDER, wabaId: '900000000000001', portfolioId: 'p' },
      ...{ recipient: '5511900000001', market: 'Brazil', category, pricingCategory: category, pricingType: 'regular' },
      ...{
        era: 'pmp_2',
        chargedAt: new Date(`${day}T12:00:00Z`),
        day: new Date(day),
        month: new Date(`${day.slice(0, 7)}-01`),
      },
      ...{ currency: 'USD', mark: 'rated', cardId: charge.cardId, rateMicros, amountMicros: rateMicros, tierPosition },
    },
  });
}

describe('rate cards', () => {
  it('are imported, listed and looked at', async () => {
    const made = await importCard();
    expect(made).toMatchObject({ status: 201, body: { rates: 2, priced: 0 } });
    expect((await api.call('GET', '/v1/rate-cards')).body.data).toMatchObject([
      { id: made.body.id, currency: 'USD', validFrom: '2026-01-01', validUntil: null, isOfficial: true },
    ]);
    expect((await api.call('GET', `/v1/rate-cards/${String(made.body.id)}/rates`)).body.data).toEqual([
      { market: 'Brazil', category: 'marketing', tierFrom: 1, tierTo: null, amountMicros: 62_500 },
      { market: 'Brazil', category: 'utility', tierFrom: 1, tierTo: null, amountMicros: 6_800 },
    ]);
    expect(await api.call('GET', '/v1/rate-cards/none/rates')).toMatchObject({ status: 404 });
  });

  it('with wrong lines are refused whole, and every wrong line is named', async () => {
    expect(await importCard({ csv: 'Market,Utility\nBrazil,0.1\nAtlantis,0.1\nIndia,x\n' })).toMatchObject({
      status: 422,
      body: {
        code: 'rate_card_invalid',
        errors: [
          { field: 'csv', message: 'line 3: "Atlantis" is no market that is known' },
          { field: 'csv', message: 'line 4: utility is no rate: "x"' },
        ],
      },
    });
    expect((await api.call('GET', '/v1/rate-cards')).body.data).toEqual([]);
  });

  it.each([
    [{ validFrom: '2026-02-30' }, 'rate_card_field_invalid', 'validFrom'],
    [{ validUntil: '2026-01-01' }, 'rate_card_field_invalid', 'validUntil'],
    [{ currency: 'dollars' }, 'validation_failed', 'currency'],
  ])('%j is refused by name', async (card, code, field) =>
    expect(await importCard(card)).toMatchObject({ status: 422, body: { code, errors: [{ field }] } }),
  );

  it('claim no day of another', async () => {
    await importCard();
    expect(await importCard()).toMatchObject({ status: 422, body: { code: 'rate_card_overlap' } });
    expect(await importCard({ validFrom: '2026-04-01' })).toMatchObject({ status: 201 });
  });

  it('are brought in by operators alone', async () => {
    const { key } = await api.aKey({ scopes: ['reports:read'] });
    expect((await api.call('POST', '/v1/rate-cards', { key, body: CARD })).status).toBe(403);
    expect((await api.call('GET', '/v1/rate-cards', { key })).status).toBe(200);
  });
});

describe('an estimate', () => {
  const template = { type: 'template', template: { name: 'hello', language: { code: 'en' } } };
  const aBrazilian = { to: '+5511987654321', message: template };
  beforeEach(async () => {
    await importCard();
  });

  it('is in the answer to a message, and shown with it', async () => {
    const { key } = await api.aKey();
    const { status, body } = await api.call('POST', '/v1/messages', { key, body: aSend(aBrazilian) });
    const estimate = {
      mark: 'rated',
      of: 'message',
      category: 'utility',
      market: 'Brazil',
      day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      amountMicros: 6_800,
      currency: 'USD',
      explanation: expect.stringMatching(/^Estimate: 0\.006800 USD/),
    };
    expect({ status, estimate: body.estimate }).toEqual({ status: 202, estimate });
    const shown = await api.call('GET', `/v1/messages/${String(body.id)}`, { key });
    expect(shown.body).toMatchObject({ estimate, cost: null });
  });

  it('of each message of many, and of those that come by the drop-in API', async () => {
    const { key } = await api.aKey();
    const messages = [aSend(aBrazilian), aSend({ to: '+4915550000101', message: template })];
    const { body } = await api.call('POST', '/v1/messages/bulk', { key, body: { messages } });
    expect(body).toMatchObject({
      results: [
        { message: { estimate: { mark: 'rated', amountMicros: 6_800 } } },
        { message: { estimate: { mark: 'rate_missing', market: 'Germany', amountMicros: null } } },
      ],
    });
    const cloud = { messaging_product: 'whatsapp', to: aBrazilian.to, ...template };
    const sent = await api.call('POST', `/v25.0/${SENDER}/messages`, { key, body: cloud });
    expect(sent.status).toBe(200);
    expect(JSON.stringify(sent.body)).not.toContain('estimate');
    const [{ id = '' } = {}] = sent.body.messages as { id?: string }[];
    expect((await api.call('GET', `/v1/messages/${encodeURIComponent(id)}`, { key })).body).toMatchObject({
      estimate: { mark: 'rated', amountMicros: 6_800 },
    });
  });

  it('knows the card that was just imported', async () => {
    const { key } = await api.aKey();
    const estimateOf = async () =>
      (await api.call('POST', '/v1/messages', { key, body: aSend(aBrazilian) })).body.estimate;
    expect(await estimateOf()).toMatchObject({ amountMicros: 6_800 });
    await importCard({ validFrom: '2026-06-01', csv: 'Market,Utility\nBrazil,0.007\n' });
    expect(await estimateOf()).toMatchObject({ amountMicros: 7_000 });
  });
});

describe('the report of costs', () => {
  const report = (query: string, key?: string) =>
    api.call('GET', `/v1/reports/pricing?from=2026-11-01&to=2026-11-30&${query}`, key === undefined ? {} : { key });
  beforeEach(async () => {
    const cardId = String((await importCard()).body.id);
    await aCharge({ wamid: 'w1', day: '2026-11-01', cardId, rateMicros: 6_800n, tierPosition: 1n });
    await aCharge({ wamid: 'w2', day: '2026-11-30', cardId, rateMicros: 6_800n, tierPosition: 2n });
    await aCharge({
      wamid: 'w3',
      day: '2026-11-30',
      category: 'marketing',
      cardId,
      rateMicros: 62_500n,
      phoneNumberId: '800000000000009',
    });
    await aCharge({ wamid: 'w4', day: '2026-12-01', cardId, rateMicros: 6_800n });
    await database.prisma.tierAdjustment.create({
      data: {
        ...{ portfolioId: 'p', market: 'Brazil', category: 'utility', month: new Date('2026-11-01') },
        ...{ currency: 'USD', amountMicros: -300n },
      },
    });
  });

  it('adds up by what was asked for, first and last day included', async () => {
    expect((await report('groupBy=day,category')).body).toMatchObject({
      rows: [
        { day: '2026-11-01', category: 'utility', currency: 'USD', messages: 1, amountMicros: 6_800, unpriced: 0 },
        { day: '2026-11-30', category: 'marketing', messages: 1, amountMicros: 62_500 },
        { day: '2026-11-30', category: 'utility', messages: 1, amountMicros: 6_800 },
      ],
      adjustments: [{ month: '2026-11', market: 'Brazil', category: 'utility', amountMicros: -300 }],
      totals: [{ currency: 'USD', messages: 3, amountMicros: 75_800 }],
    });
  });

  it('counts what tiers make of a month where it has all that month’s charges, and nowhere else', async () => {
    const { id: cardId } = await database.prisma.rateCard.findFirstOrThrow();
    for (const [n, day] of ['2026-10-05', '2026-10-20'].entries())
      await aCharge({ wamid: `t${n}`, day, cardId, rateMicros: 6_800n, tierPosition: BigInt(n + 1) });
    const { portfolioId } = await database.prisma.waba.findFirstOrThrow({ where: { id: '900000000000001' } });
    await database.prisma.charge.updateMany({ data: { portfolioId } });
    await database.prisma.tierAdjustment.updateMany({ data: { portfolioId, month: new Date('2026-10-01') } });
    const of = async (from: string, to: string, key?: string) => {
      const { body } = await api.call(
        'GET',
        `/v1/reports/pricing?from=${from}&to=${to}&groupBy=month`,
        key === undefined ? {} : { key },
      );
      const { adjustments, totals } = body as unknown as {
        adjustments: { isCounted: boolean }[];
        totals: { amountMicros: number }[];
      };
      return [adjustments.map(({ isCounted }) => isCounted), totals.map(({ amountMicros }) => amountMicros)];
    };
    // The whole month, and as much of it as has any.
    expect(await of('2026-10-01', '2026-10-31')).toEqual([[true], [13_300]]);
    expect(await of('2026-10-05', '2026-10-20')).toEqual([[true], [13_300]]);
    // Parts of it, which together are the charges as they were recorded.
    expect(await of('2026-10-01', '2026-10-19')).toEqual([[false], [6_800]]);
    expect(await of('2026-10-06', '2026-10-31')).toEqual([[false], [6_800]]);
    expect(await of('2026-09-01', '2026-09-30')).toEqual([[], []]);
    // Of a key that may use every sender of the portfolio, or not.
    const { key } = await api.aKey({ scopes: ['reports:read'], senders: [SENDER] });
    expect(await of('2026-10-01', '2026-10-31', key)).toEqual([[true], [13_300]]);
    const phoneNumberId = '800000000000012';
    await aSender(database, { phoneNumberId });
    expect(await of('2026-10-01', '2026-10-31', key)).toEqual([[false], [13_600]]);
    expect(await of('2026-10-01', '2026-10-31')).toEqual([[true], [13_300]]);
    await database.prisma.sender.delete({ where: { phoneNumberId } });
  });

  it('tells of a sender only to who may see it', async () => {
    const { key } = await api.aKey({ scopes: ['reports:read'], senders: [SENDER] });
    expect((await report('groupBy=sender', key)).body.rows).toMatchObject([{ sender: SENDER, messages: 2 }]);
    const { key: other } = await api.aKey();
    expect((await report('', other)).status).toBe(403);
  });

  it('by client, template and tag', async () => {
    const { key, clientId } = await api.aKey();
    const { name } = await database.prisma.client.findUniqueOrThrow({ where: { id: clientId } });
    const template = { name: 'hello', language: { code: 'en' } };
    const body = aSend({ message: { type: 'template', template }, tags: ['=cmd', 'b'] });
    const id = String((await api.call('POST', '/v1/messages', { key, body })).body.id);
    const { id: cardId } = await database.prisma.rateCard.findFirstOrThrow();
    await aCharge({
      wamid: 'w5',
      day: '2026-11-02',
      cardId,
      rateMicros: 1n,
      messageId: id,
      clientId,
    });
    expect((await api.call('GET', `/v1/messages/${id}`, { key })).body.cost).toMatchObject({
      amountMicros: 1,
      currency: 'USD',
      charges: [
        {
          mark: 'rated',
          market: 'Brazil',
          explanation: '0.000001 USD: utility in market Brazil on 2026-11-02, by the rate card from 2026-01-01.',
        },
      ],
    });
    const rows = (await report('groupBy=client,template,tag')).body.rows;
    const group = { client: name, template: 'hello', messages: 1, amountMicros: 1 };
    expect(rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...group, tag: '=cmd' }),
        expect.objectContaining({ ...group, tag: 'b' }),
        expect.objectContaining({ client: null, template: null, tag: null, messages: 3 }),
      ]),
    );
    const csv = await api.app.inject({
      url: '/v1/reports/pricing?from=2026-11-02&to=2026-11-02&groupBy=tag&format=csv',
      headers: { authorization: 'Bearer hk_bootstrap-key-of-the-tests' },
    });
    expect(csv.headers['content-type']).toMatch(/^text\/csv/);
    expect(csv.payload).toBe(
      "mark,tag,currency,messages,amount_micros,unpriced\r\n,'=cmd,USD,1,1,0\r\n,b,USD,1,1,0\r\n",
    );
  });

  it.each([
    ['from=2026-11-02&to=2026-11-01', 'report_range_invalid', 'to'],
    ['from=2025-01-01&to=2026-11-01', 'report_range_invalid', 'to'],
    ['from=2026-11-01&to=2026-11-02&groupBy=moon', 'validation_failed', 'groupBy'],
  ])('%s is refused by name', async (query, code, field) =>
    expect(await api.call('GET', `/v1/reports/pricing?${query}`)).toMatchObject({
      status: 422,
      body: { code, errors: [{ field }] },
    }),
  );
});

describe('the report of what Meta says it billed', () => {
  const DAY = { day: new Date('2026-11-28'), market: 'Brazil', category: 'utility', pricingType: 'regular' };
  const FIGURES = { messages: 8n, amountMicros: 54_400n, foreignMessages: 1n, foreignAmountMicros: 6_800n };
  const META = { unpriced: 0n, metaMessages: 10n, metaAmountMicros: 68_000n, countries: ['BR', '=1'], currency: 'USD' };
  const WABA = '900000000000001';
  const report = (query = '', key?: string) =>
    api.call(
      'GET',
      `/v1/reports/reconciliation?from=2026-11-01&to=2026-11-30${query}`,
      key === undefined ? {} : { key },
    );
  beforeAll(async () => {
    const rows = { ...DAY, ...FIGURES, ...META };
    await database.prisma.pricingComparison.createMany({
      data: [
        { wabaId: WABA, ...rows },
        { wabaId: WABA, ...rows, category: 'service', metaAmountMicros: null },
        { wabaId: WABA, ...rows, day: new Date('2026-12-01') },
        { wabaId: '900000000000777', ...rows },
      ],
    });
    await database.prisma.pricingReconciliation.create({
      data: { wabaId: WABA, triedAt: new Date('2026-11-29T06:00:00Z'), failure: 'http_500' },
    });
  });

  it('says by how much they part, and when that was seen', async () => {
    const { key } = await api.aKey({ scopes: ['reports:read'], senders: [SENDER] });
    const { status, body } = await report('', key);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      rows: [
        {
          ...{ wabaId: WABA, day: '2026-11-28', market: 'Brazil', category: 'service' },
          ...{ messagesDifference: 1, metaAmountMicros: null, amountDifferenceMicros: null },
        },
        {
          ...{ category: 'utility', messages: 8, foreignMessages: 1, metaMessages: 10, messagesDifference: 1 },
          ...{ amountMicros: 54_400, foreignAmountMicros: 6_800, metaAmountMicros: 68_000 },
          ...{ amountDifferenceMicros: 6_800, unpriced: 0 },
        },
      ],
      accounts: [{ wabaId: WABA, triedAt: '2026-11-29T06:00:00.000Z', comparedAt: null, failure: 'http_500' }],
    });
    expect((body.rows as object[]).length).toBe(2);
  });

  it('shows an account to whoever may see all of its senders', async () => {
    const { key: other } = await api.aKey({ scopes: ['reports:read'], senders: ['800000000000999'] });
    expect((await report('', other)).body).toEqual({ rows: [], accounts: [] });
    expect((await report()).body.rows).toHaveLength(3);
    const { key: unscoped } = await api.aKey();
    expect((await report('', unscoped)).status).toBe(403);
  });

  it('comes as CSV without formulas', async () => {
    const { payload, headers } = await api.app.inject({
      url: '/v1/reports/reconciliation?from=2026-11-28&to=2026-11-28&format=csv',
      headers: { authorization: 'Bearer hk_bootstrap-key-of-the-tests' },
    });
    expect(headers['content-type']).toMatch(/^text\/csv/);
    const [heading, first] = payload.split('\r\n');
    expect(heading).toMatch(/^waba_id,day,market,countries,category,pricing_type,currency,messages,foreign_messages,/);
    expect(first).toMatch(/^900000000000001,2026-11-28,Brazil,BR =1,service,regular,USD,8,1,10,1,54400,6800,,,0,/);
  });

  it.each([
    ['2026-11-02', '2026-11-01', 'report_range_invalid', 'to'],
    ['2025-01-01', '2026-11-01', 'report_range_invalid', 'to'],
    ['soon', '2026-11-01', 'validation_failed', 'from'],
  ])('from %s to %s is refused by name', async (from, to, code, field) =>
    expect(await api.call('GET', `/v1/reports/reconciliation?from=${from}&to=${to}`)).toMatchObject({
      status: 422,
      body: { code, errors: [{ field }] },
    }),
  );
});
