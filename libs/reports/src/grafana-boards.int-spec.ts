import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { PublishExplanationsService } from '#messages';
import { type BoardQuery, fillIn, queriesOf, readBoards } from './specs/grafana-board.js';
import { BERLIN, KOLKATA, openReportWorld, type ReportWorld } from './specs/report-world.js';

let world: ReportWorld;
let reader: pg.Client;
beforeAll(async () => {
  world = await openReportWorld();
  await new PublishExplanationsService(world.database).publish();
  await seed();
  reader = new pg.Client({ connectionString: world.url });
  await reader.connect();
  await reader.query('SET SESSION AUTHORIZATION herald_reporting');
}, 60_000);
afterAll(async () => {
  await reader.end();
  await world.close();
});

const [B, K] = [BERLIN.phoneNumberId, KOLKATA.phoneNumberId];
const TEN = '2026-11-02T10:00:00Z';
const ELEVEN = '2026-11-02T11:00:00Z';
const after = (at: string, seconds: number) => new Date(Date.parse(at) + seconds * 1_000);
const template = (name: string) => ({ type: 'template', content: { type: 'template', template: { name } } });

async function seed(): Promise<void> {
  const recipient = '15550100101';
  const read = { waRank: 5, sentAt: new Date(TEN), deliveredAt: after(TEN, 4), readAt: after(TEN, 60) };
  const a = await world.message(TEN, {
    ...template('hello'),
    category: 'utility',
    state: 'accepted',
    recipient,
    ...read,
  });
  const delivered = { waRank: 4, sentAt: new Date(TEN), deliveredAt: after(TEN, 30) };
  const b = await world.message(TEN, {
    ...{ ...template('offer'), category: 'marketing', state: 'accepted', clientId: world.bank, phoneNumberId: K },
    ...delivered,
  });
  await world.message(ELEVEN, { state: 'failed', reason: 'window_closed' });
  const failed = { waRank: 3, sentAt: after(ELEVEN, 1), failedAt: after(ELEVEN, 2), waErrorCode: 131_026 };
  await world.message(ELEVEN, { ...template('hello'), category: 'utility', state: 'accepted', ...failed });
  await world.message('2026-10-01T10:00:00Z', { state: 'accepted' }); // before the range
  await aCharge({ messageId: a.id, clientId: world.shop, category: 'utility', amount: 55_000n });
  await aCharge({
    messageId: b.id,
    clientId: world.bank,
    category: 'marketing',
    amount: 10_000n,
    market: 'India',
    phoneNumberId: K,
    wabaId: KOLKATA.wabaId,
  });
  await aCharge({ category: 'service', because: 'free_customer_service' });
  await aCharge({ category: 'marketing', mark: 'rate_missing' });
  await world.run(
    `INSERT INTO tier_adjustment VALUES ($1, 'Germany', 'utility', '2026-11-01', 'USD', -300, now())`,
    `waba-${BERLIN.wabaId}`,
  );
  await world.refresh();
  await aConversation('service', TEN, 24);
  await aConversation('free_entry_point', TEN, 72);
  await aConversation('service', '2026-11-03T09:00:00Z', 24, '15550100102');
  await aConversation('service', new Date(Date.now() - 3_600_000).toISOString(), 24, '15550100103');
  // Open for longer than a week: the contact wrote every day.
  await aConversation('service', '2026-10-01T09:00:00Z', 24 * 365 * 50, '15550100104');
  // Now: what waits, and what holds.
  await world.message(new Date(), { priority: 0, nextAttemptAt: new Date(Date.now() - 90_000) });
  await world.message(new Date(), { priority: 2, nextAttemptAt: new Date(Date.now() + 90_000) });
  await world.run('INSERT INTO portfolio_limit VALUES ($1, 250, $2)', `waba-${BERLIN.wabaId}`, new Date(TEN));
  await world.run(
    `INSERT INTO account_fact (waba_id, subject, kind, value, known_at, seen_at, source)
     VALUES ($1, 'account', 'messaging_limit', '250', $3, $4, 'read'), ($1, 'id:' || $2, 'quality_rating', 'YELLOW', $4, $4, 'webhook')`,
    ...[BERLIN.wabaId, B, new Date(TEN), new Date(ELEVEN)],
  );
  await world.run(`INSERT INTO portfolio_user VALUES ($1, 'x', now())`, `waba-${BERLIN.wabaId}`);
  await world.run(`INSERT INTO hold (scope, scope_id, reason) VALUES ('sender', $1, 'paused')`, K);
}

async function aCharge(charge: {
  messageId?: string;
  clientId?: string;
  category: string;
  amount?: bigint;
  market?: string;
  phoneNumberId?: string;
  wabaId?: string;
  because?: string;
  mark?: string;
}): Promise<void> {
  const { messageId = null, clientId = null, category, amount, because = null, market = 'Germany' } = charge;
  const { phoneNumberId = B, wabaId = BERLIN.wabaId } = charge;
  await world.database.prisma.charge.create({
    data: {
      ...{
        wamid: `wamid.${uuidv7()}`,
        messageId,
        attemptNo: messageId === null ? null : 1,
        clientId,
        phoneNumberId,
        wabaId,
      },
      ...{ portfolioId: `waba-${wabaId}`, recipient: '15550100101', market, pricingCategory: category, category },
      ...{
        era: 'pmp_2',
        chargedAt: after(TEN, 4),
        day: new Date('2026-11-02'),
        month: new Date('2026-11-01'),
        currency: 'USD',
      },
      mark: charge.mark ?? (amount === undefined ? 'free' : 'rated'),
      ...{
        because,
        cardId: amount === undefined ? null : uuidv7(),
        rateMicros: amount ?? null,
        amountMicros: amount ?? 0n,
      },
    },
  });
}

const aConversation = (kind: string, openedAt: string, hours: number, contact = '15550100101') =>
  world.database.prisma.conversation.create({
    data: {
      ...{ id: uuidv7(), phoneNumberId: B, contact, contactKey: contact, kind, openedAt: new Date(openedAt) },
      // The answer of the seed comes at the second in which this opens.
      ...{ openedBy: `wamid.${uuidv7()}`, lastHeardAt: new Date(openedAt), expiresAt: after(openedAt, hours * 3_600) },
    },
  });

const values = {
  from: '2026-11-01T00:00:00Z',
  to: '2026-11-15T00:00:00Z',
  variables: { sender: [B, K], currency: ['USD'] },
};
const words = expect.any(String);
const instant = expect.any(Date);
/** It has waited since the seed. */
const waitsFor90Seconds = {
  asymmetricMatch: (value: unknown) => typeof value === 'number' && value >= 90 && value < 150,
};
const WINDOW = { failure: 'window_closed', title: words, advice: words };
const UNDELIVERABLE = { failure: '131026', title: words, advice: words };
const atTen = new Date(TEN);
const atEleven = new Date(ELEVEN);
const monday = new Date('2026-11-02T00:00:00Z');

/** What every query of every board gives of the seed. */
const FIGURES: Record<string, object[]> = {
  'delivery: $sender': [{ sender: B }, { sender: K }],
  'delivery: Messages': [{ taken: 4, 'accepted by Meta': 3, sent: 3, delivered: 2, read: 1, failed: 2, waiting: 0 }],
  'delivery: Rates': [{ delivered: 0.6667, 'read, at least': 0.5 }],
  'delivery: Funnel by hour': [
    { time: atTen, taken: 2, accepted: 2, delivered: 2, read: 1, failed: 0 },
    { time: atEleven, taken: 2, accepted: 1, delivered: 0, read: 0, failed: 2 },
  ],
  'delivery: By client and template': [
    { client: 'shop', template: 'hello', category: 'utility', taken: 2, accepted: 2, delivered: 1, read: 1, failed: 1 },
    {
      client: 'bank',
      template: 'offer',
      category: 'marketing',
      taken: 1,
      accepted: 1,
      delivered: 1,
      read: 0,
      failed: 0,
    },
    { client: 'shop', template: null, category: null, taken: 1, accepted: 0, delivered: 0, read: 0, failed: 1 },
  ],
  'delivery: Failures by code': [
    { ...UNDELIVERABLE, messages: 1 },
    { ...WINDOW, messages: 1 },
  ],
  'delivery: Time from sent, 95 of 100': [
    { time: monday, metric: `${B} delivered`, p95_seconds: 4 },
    { time: monday, metric: `${B} read`, p95_seconds: 60 },
    { time: monday, metric: `${K} delivered`, p95_seconds: 30 },
  ],
  'delivery: Waiting now': [
    { sender: B, priority: 'urgent', waiting: 1, due: 1, 'oldest due, s': waitsFor90Seconds },
    { sender: B, priority: 'bulk', waiting: 1, due: 0, 'oldest due, s': 0 },
  ],
  'cost: $sender': [{ sender: B }, { sender: K }],
  'cost: $currency': [{ currency: 'USD' }],
  'cost: Cost': [{ cost: 0.065, messages: 4, 'without a rate': 1 }],
  'cost: By day and category': [
    { day: '2026-11-02', marketing: 0.01, utility: 0.055, authentication: null, service: 0 },
  ],
  'cost: By client': [
    { client: 'shop', messages: 1, cost: 0.055 },
    { client: 'bank', messages: 1, cost: 0.01 },
    { client: null, messages: 2, cost: 0 },
  ],
  'cost: By market': [
    { market: 'Germany', messages: 3, cost: 0.055 },
    { market: 'India', messages: 1, cost: 0.01 },
  ],
  'cost: By template': [
    { template: 'hello', messages: 1, cost: 0.055 },
    { template: 'offer', messages: 1, cost: 0.01 },
    { template: null, messages: 2, cost: 0 },
  ],
  'cost: By sender': [
    { sender: B, messages: 3, cost: 0.055 },
    { sender: K, messages: 1, cost: 0.01 },
  ],
  'cost: What was billed': [
    { mark: 'rated', category: 'utility', messages: 1, cost: 0.055 },
    { mark: 'rated', category: 'marketing', messages: 1, cost: 0.01 },
    { mark: 'free', category: 'service', messages: 1, cost: 0 },
    { mark: 'rate_missing', category: 'marketing', messages: 1, cost: 0 },
  ],
  'cost: Adjustments of volume tiers': [
    {
      month: '2026-11-01',
      portfolio: `waba-${BERLIN.wabaId}`,
      market: 'Germany',
      category: 'utility',
      adjustment: -0.0003,
    },
  ],
  'windows: $sender': [{ sender: B }, { sender: K }],
  'windows: Windows': [{ opened: 2, answered: 1, 'free entry points': 1 }],
  'windows: Shares': [{ answered: 0.5, 'free entry points': 0.5 }],
  'windows: By day': [
    { day: '2026-11-02', opened: 1, answered: 1, 'free entry points': 1 },
    { day: '2026-11-03', opened: 1, answered: 0, 'free entry points': 0 },
  ],
  'windows: By sender': [{ sender: B, opened: 2, answered: 1, 'free entry points': 1 }],
  'windows: Open now': [{ sender: B, kind: 'service', open: 2, 'next ends': instant }],
  'senders: $sender': [{ sender: B }, { sender: K }],
  'senders: Senders': [
    {
      ...{
        sender: B,
        waba: BERLIN.wabaId,
        portfolio: `waba-${BERLIN.wabaId}`,
        timezone: 'Europe/Berlin',
        'messages/s': 80,
      },
      holds: 0,
      listening_since: null,
      last_heard_at: null,
    },
    {
      ...{
        sender: K,
        waba: KOLKATA.wabaId,
        portfolio: `waba-${KOLKATA.wabaId}`,
        timezone: 'Asia/Kolkata',
        'messages/s': 80,
      },
      holds: 1,
      listening_since: null,
      last_heard_at: null,
    },
  ],
  'senders: Messaging limits': [
    { portfolio: `waba-${BERLIN.wabaId}`, 'people in 24 hours': '250', used: 1, known_at: atTen },
    { portfolio: `waba-${KOLKATA.wabaId}`, 'people in 24 hours': 'not known', used: null, known_at: null },
  ],
  'senders: Limits and quality over time': [
    {
      ...{ known_at: atEleven, waba: BERLIN.wabaId, sender: B, limit: 'quality_rating', value: 'YELLOW' },
      ...{ source: 'webhook', seen_at: atEleven },
    },
    {
      ...{ known_at: atTen, waba: BERLIN.wabaId, sender: null, limit: 'messaging_limit', value: '250' },
      ...{ source: 'read', seen_at: atEleven },
    },
  ],
  'senders: Waiting now': [{ sender: B, waiting: 2, due: 1, 'oldest due, s': waitsFor90Seconds }],
  'senders: Messages by hour': [
    { time: atTen, metric: B, messages: 1 },
    { time: atTen, metric: K, messages: 1 },
    { time: atEleven, metric: B, messages: 2 },
  ],
  'senders: What became of them': [
    { sender: B, taken: 3, accepted: 2, delivered: 1, failed: 2, expired: 0, unknown: 0 },
    { sender: K, taken: 1, accepted: 1, delivered: 1, failed: 0, expired: 0, unknown: 0 },
  ],
  'senders: Failures by sender': [
    { sender: B, failure: '131026', title: words, messages: 1 },
    { sender: B, failure: 'window_closed', title: words, messages: 1 },
  ],
};

const boards = readBoards();
const queries: BoardQuery[] = [...boards].flatMap(([name, board]) => queriesOf(name, board));

const BIG_NUMBERS: number[] = [pg.types.builtins.INT8, pg.types.builtins.NUMERIC];

/** As Grafana shows it: counts are numbers, also those that Postgres gives as texts. */
const asShown = (row: Record<string, unknown>, columns: readonly pg.FieldDef[]) =>
  Object.fromEntries(
    columns.map(({ name, dataTypeID }) => {
      const value = row[name];
      const isNumber = BIG_NUMBERS.includes(dataTypeID);
      return [name, isNumber && value !== null ? Number(value) : value];
    }),
  );

describe('the boards', () => {
  it('are delivery, cost, windows and senders, and ask nothing that is not checked here', () => {
    expect([...boards.keys()]).toEqual(['cost', 'delivery', 'senders', 'windows']);
    expect(queries.map(({ name }) => name).sort()).toEqual(Object.keys(FIGURES).sort());
  });

  it('ask the reader of reports alone', () => {
    for (const { panels, templating } of boards.values())
      for (const { datasource } of [...panels, ...panels.flatMap(({ targets }) => targets), ...templating.list])
        expect(datasource.uid).toBe('herald');
  });

  it.each(queries)('$name', async ({ name, sql }) => {
    const { rows, fields } = await reader.query<Record<string, unknown>>(fillIn(sql, values));
    expect(rows.map((row) => asShown(row, fields))).toEqual(FIGURES[name]);
  });

  it('show the adjustments of the months that the range touches', async () => {
    const sql = queries.find(({ name }) => name === 'cost: Adjustments of volume tiers')?.sql ?? '';
    const monthsOf = async (from: string, to: string) =>
      (await reader.query<{ month: string }>(fillIn(sql, { ...values, from, to }))).rows.map(({ month }) => month);
    expect(await monthsOf('2026-11-20T10:00:00Z', '2026-11-27T10:00:00Z')).toEqual(['2026-11-01']);
    expect(await monthsOf('2026-10-24T10:00:00Z', '2026-10-31T10:00:00Z')).toEqual([]);
    expect(await monthsOf('2026-12-02T10:00:00Z', '2026-12-09T10:00:00Z')).toEqual([]);
  });

  it('follow the variables', async () => {
    const sql = queries.find(({ name }) => name === 'delivery: Messages')?.sql ?? '';
    const { rows } = await reader.query(fillIn(sql, { ...values, variables: { sender: [K] } }));
    expect(rows).toMatchObject([{ taken: '1' }]);
  });
});
