import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { statusRank } from '#graph-api';
import { Database } from '#persistence';
import { aMessage, createTestDatabase, type TestDatabase } from '#testing';
import { type AttemptStatus, recordStatuses } from './record-statuses.query.js';

let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 8, statementTimeoutMs: 5_000 });
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

type Told = Pick<AttemptStatus, 'status' | 'ts'> & Partial<AttemptStatus>;
const of = (messageId: string, { status, ts, ...rest }: Told): AttemptStatus => ({
  messageId,
  attemptNo: 1,
  wamid: 'wamid.x',
  status,
  rank: statusRank(status),
  ts,
  code: 0,
  recipient: '15550100101',
  pricing: null,
  conversation: null,
  errors: null,
  inboxId: '01900000-0000-7000-8000-000000000001',
  eventId: uuidv7(),
  ...rest,
});

/** What statuses leave behind, without the ids that name the deliveries they came with. */
async function trace(messageId: string) {
  const { waRank, sentAt, deliveredAt, readAt, playedAt, failedAt, waErrorCode, deletedAt, state } =
    await database.prisma.message.findUniqueOrThrow({ where: { id: messageId } });
  const statuses = await database.prisma.statusEvent.findMany({
    where: { messageId },
    orderBy: [{ ts: 'asc' }, { code: 'asc' }, { status: 'asc' }],
  });
  const events = await database.prisma.event.findMany({ where: { messageId }, select: { type: true } });
  return {
    row: { waRank, sentAt, deliveredAt, readAt, playedAt, failedAt, waErrorCode, deletedAt, state },
    statuses: statuses.map(({ status, ts, code, rank }) => ({ status, ts: Number(ts), code, rank })),
    events: events.map(({ type }) => type).sort(),
  };
}
const second = (ts: number) => new Date(ts * 1_000);

function permutations<T>(items: readonly T[]): T[][] {
  return items.length === 0
    ? [[]]
    : items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

const FIVE: Told[] = [
  { status: 'sent', ts: 100 },
  { status: 'failed', ts: 103, code: 131026 },
  { status: 'delivered', ts: 104 },
  { status: 'read', ts: 106 },
  { status: 'failed', ts: 101, code: 131049 },
];
const OUTCOME = {
  row: {
    waRank: 5,
    sentAt: second(100),
    failedAt: second(101),
    waErrorCode: 131049,
    deliveredAt: second(104),
    readAt: second(106),
    playedAt: null,
    deletedAt: null,
    state: 'accepted',
  },
  statuses: [
    { status: 'sent', ts: 100, code: 0, rank: 2 },
    { status: 'failed', ts: 101, code: 131049, rank: 3 },
    { status: 'failed', ts: 103, code: 131026, rank: 3 },
    { status: 'delivered', ts: 104, code: 0, rank: 4 },
    { status: 'read', ts: 106, code: 0, rank: 5 },
  ],
  events: ['message.delivered', 'message.failed', 'message.failed', 'message.read', 'message.sent'],
};

describe('five statuses with duplicates, in all 120 orders', () => {
  it.each<[string, (statuses: AttemptStatus[]) => Promise<unknown>]>([
    ['in one statement', (statuses) => recordStatuses(database, statuses)],
    [
      'one statement each',
      async (statuses) => {
        for (const status of statuses) await recordStatuses(database, [status]);
      },
    ],
    [
      'in two statements',
      async (statuses) => {
        await recordStatuses(database, statuses.slice(0, 3));
        await recordStatuses(database, statuses.slice(3));
      },
    ],
    [
      'all at once',
      (statuses) => Promise.all(statuses.map((status) => database.transaction((tx) => recordStatuses(tx, [status])))),
    ],
  ])(
    'leave the same behind: %s',
    async (_name, record) => {
      const check = async (order: Told[]) => {
        const { id } = await aMessage(database, { state: 'accepted' });
        await record([...order, order[0]!, order[2]!, order[4]!].map((told) => of(id, told)));
        expect(await trace(id)).toEqual(OUTCOME);
      };
      const orders = permutations(FIVE);
      while (orders.length > 0) await Promise.all(orders.splice(0, 12).map(check));
    },
    60_000,
  );

  it('of many messages, recorded in opposite orders at once, meet no deadlock that is not repeated', async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => (await aMessage(database, { state: 'accepted' })).id),
    );
    const all = FIVE.flatMap((told) => ids.map((id) => of(id, told)));
    await Promise.all(
      [all, all.toReversed(), all, all.toReversed()].map((statuses) =>
        database.transaction(async (tx) => {
          await recordStatuses(
            tx,
            statuses.map((status) => ({ ...status, eventId: uuidv7() })),
          );
        }),
      ),
    );
    for (const id of ids) expect(await trace(id)).toEqual(OUTCOME);
  });
});

describe('recordStatuses', () => {
  it.each<[string, Told[], object]>([
    [
      'failed, then delivered',
      [
        { status: 'failed', ts: 1, code: 131026 },
        { status: 'delivered', ts: 2 },
      ],
      { waRank: 4, failedAt: second(1), deliveredAt: second(2), waErrorCode: 131026 },
    ],
    [
      'delivered, then failed: no way back',
      [
        { status: 'delivered', ts: 1 },
        { status: 'failed', ts: 2, code: 1 },
      ],
      { waRank: 4, failedAt: second(2) },
    ],
    [
      'played',
      [
        { status: 'played', ts: 5 },
        { status: 'read', ts: 4 },
      ],
      { waRank: 6, playedAt: second(5), readAt: second(4) },
    ],
    [
      'deleted is no step',
      [
        { status: 'sent', ts: 1 },
        { status: 'deleted', ts: 9 },
      ],
      { waRank: 2, deletedAt: second(9) },
    ],
    ['a word we do not know', [{ status: 'warning', ts: 1 }], { waRank: 0, sentAt: null }],
    [
      'Meta’s clock never decides the rank',
      [
        { status: 'read', ts: 1 },
        { status: 'sent', ts: 99 },
      ],
      { waRank: 5, sentAt: second(99), readAt: second(1) },
    ],
    [
      'the first time of each counts',
      [
        { status: 'sent', ts: 9 },
        { status: 'sent', ts: 3 },
      ],
      { sentAt: second(3) },
    ],
    [
      'of two errors of one second the least code',
      [
        { status: 'failed', ts: 3, code: 9 },
        { status: 'failed', ts: 3, code: 7 },
      ],
      { waErrorCode: 7 },
    ],
    [
      'a later error changes nothing',
      [
        { status: 'failed', ts: 3, code: 9 },
        { status: 'failed', ts: 4, code: 1 },
      ],
      { waErrorCode: 9, failedAt: second(3) },
    ],
    [
      'an earlier error wins',
      [
        { status: 'failed', ts: 3, code: 1 },
        { status: 'failed', ts: 2, code: 9 },
      ],
      { waErrorCode: 9, failedAt: second(2) },
    ],
  ])('%s', async (_name, told, row) => {
    const together = await aMessage(database, { state: 'accepted' });
    await recordStatuses(
      database,
      told.map((status) => of(together.id, status)),
    );
    const apart = await aMessage(database, { state: 'accepted' });
    for (const status of told) await recordStatuses(database, [of(apart.id, status)]);
    expect([(await trace(together.id)).row, (await trace(apart.id)).row]).toEqual([
      expect.objectContaining(row),
      expect.objectContaining(row),
    ]);
  });

  it('of one second keep the least code, also when more than the error is news', async () => {
    const { id } = await aMessage(database, { state: 'accepted' });
    await recordStatuses(database, [of(id, { status: 'failed', ts: 3, code: 7 })]);
    await recordStatuses(database, [
      of(id, { status: 'failed', ts: 3, code: 9 }),
      of(id, { status: 'delivered', ts: 4 }),
    ]);
    expect((await trace(id)).row).toMatchObject({ waErrorCode: 7, waRank: 4 });
  });

  it('keeps price, conversation, errors and who was told, and writes the event with them', async () => {
    const { id, clientId } = await aMessage(database, { state: 'accepted' });
    const errors = [{ code: 131026, title: 'Undeliverable' }];
    const pricing = { category: 'utility', type: 'regular', model: 'PMP' };
    const status = of(id, { status: 'failed', ts: 7, code: 131026, errors, pricing, conversation: { id: 'c' } });
    await recordStatuses(database, [status]);
    expect(await database.prisma.statusEvent.findFirst({ where: { messageId: id } })).toMatchObject({
      pricingCategory: 'utility',
      pricingType: 'regular',
      pricingModel: 'PMP',
      conversation: { id: 'c' },
      errors,
      clientId,
      inboxId: status.inboxId,
      eventId: status.eventId,
    });
    expect(await database.prisma.event.findUnique({ where: { id: status.eventId } })).toMatchObject({
      clientId,
      type: 'message.failed',
      payload: { by: 'meta', attempt: 1, timestamp: 7, code: 131026, errors },
    });
  });

  it('clears the presumption that it was dropped once it was not', async () => {
    const { id } = await aMessage(database, { state: 'accepted', presumedDroppedAt: new Date() });
    await recordStatuses(database, [of(id, { status: 'sent', ts: 1 })]);
    expect((await database.prisma.message.findUnique({ where: { id } }))?.presumedDroppedAt).not.toBeNull();
    await recordStatuses(database, [of(id, { status: 'delivered', ts: 2 })]);
    expect((await database.prisma.message.findUnique({ where: { id } }))?.presumedDroppedAt).toBeNull();
  });

  it('of a replay writes no events', async () => {
    const { id } = await aMessage(database, { state: 'accepted' });
    await recordStatuses(database, [of(id, { status: 'sent', ts: 1 })], { writeEvents: false });
    expect(await trace(id)).toMatchObject({ row: { waRank: 2 }, events: [] });
  });

  it('of an attempt that does not exist change nothing', async () => {
    const { id } = await aMessage(database, { state: 'accepted' });
    const unproven = await recordStatuses(database, [
      of(id, { status: 'read', ts: 1, attemptNo: 2 }),
      of(uuidv7(), { status: 'read', ts: 1 }),
    ]);
    expect(unproven).toEqual([]);
    expect(await trace(id)).toMatchObject({ row: { waRank: 0 }, statuses: [], events: [] });
  });

  it.each([
    ['accepted', 'accepted', false],
    ['accepted', 'abandoned', true],
    ['sending', 'started', true],
    ['uncertain', 'uncertain', true],
    ['unknown', 'abandoned', true],
    ['failed', 'rejected_retryable', true],
  ])('of a message that is %s, its attempt %s: proof is due: %s', async (state, attempt, isDue) => {
    const attempts =
      state === 'accepted' && attempt === 'abandoned'
        ? [{ state: 'abandoned' }, { state: 'accepted' }]
        : [{ state: attempt }];
    const { id } = await aMessage(database, { state, attempts });
    const unproven = await recordStatuses(database, [
      of(id, { status: 'read', ts: 2, wamid: 'w' }),
      of(id, { status: 'sent', ts: 1, wamid: 'w' }),
    ]);
    expect(unproven).toEqual(isDue ? [{ messageId: id, attemptNo: 1, wamid: 'w' }] : []);
  });
});
