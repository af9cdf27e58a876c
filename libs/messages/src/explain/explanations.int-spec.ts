import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lookupError } from '#graph-api';
import { Database } from '#persistence';
import { aMessage, aSender, createTestDatabase, type MessageOverrides, type TestDatabase } from '#testing';
import { FindMessageService } from '../reads/find-message.service.js';
import { MESSAGE_STATES } from '../domain/message.js';
import { REASONS } from './dispatch-reasons.js';
import { EXPLANATIONS } from './explanations.js';
import { PublishExplanationsService } from './publish-explanations.service.js';

let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 5, statementTimeoutMs: 5_000 });
  await aSender(database);
  await new PublishExplanationsService(database).publish();
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

interface Explained {
  what: string;
  why: string | null;
  move: string;
  advice: string;
  waitsFor: string | null;
  waitsUntil: Date | null;
}
async function inSql(id: string): Promise<Explained | undefined> {
  const [row] = await database.query<Explained>(
    {
      name: '',
      sql: `SELECT what, why, move, advice, waits_for AS "waitsFor", waits_until AS "waitsUntil" FROM message_explained WHERE message_id = $1`,
    },
    [id],
  );
  return row;
}
async function inApi({ id, clientId }: { id: string; clientId: string }): Promise<Explained> {
  const reader = { clientId, senders: 'all' as const };
  const { explanation, waitsFor, waitsUntil } = await new FindMessageService(database).find(reader, id);
  return { ...explanation, waitsFor, waitsUntil };
}
const hold = (scope: string, scopeId: string, until: Date | null, errorCode: number | null = null) =>
  database.prisma.hold.create({ data: { scope, scopeId, reason: 'a test', until, errorCode } });
const later = new Date(Date.now() + 600_000);

const OF_REASONS = Object.entries(REASONS).map(([reason, { state }]): [string, MessageOverrides] => [
  `${state} ${reason}`,
  { state, reason, ...(state === 'queued' ? { nextAttemptAt: later } : {}) },
]);
const OTHERS: [string, MessageOverrides][] = [
  ['due now', { state: 'queued', nextAttemptAt: new Date(0) }],
  ['refused', { state: 'failed', reason: 'rejected', errorCode: 131_026 }],
  ['refused with a code of a range', { state: 'failed', reason: 'rejected', errorCode: 210 }],
  ['refused with a code that nobody knows', { state: 'failed', reason: 'rejected', errorCode: 987_654 }],
  ['tried again', { state: 'queued', reason: 'retry', errorCode: 131_000, nextAttemptAt: later }],
  ...[1, 2, 3, 4, 5, 6].map((waRank): [string, MessageOverrides] => [
    `accepted, rank ${waRank}`,
    { state: 'accepted', reason: 'answered', waRank, errorCode: 131_000, waErrorCode: waRank >= 3 ? 131_049 : null },
  ]),
  ['presumed dropped', { state: 'accepted', reason: 'answered', waRank: 2, presumedDroppedAt: new Date() }],
];

describe('the view message_explained', () => {
  it.each([...OF_REASONS, ...OTHERS])('says of a message that is %s what the API says', async (_name, overrides) => {
    const message = await aMessage(database, overrides);
    const explained = await inSql(message.id);
    expect(explained).toEqual(await inApi(message));
    expect(explained?.what).not.toBe('');
  });

  it.each([
    ['pair', (recipient: string) => `800000000000001:${recipient}`, later],
    ['waba', () => '900000000000001', null],
    ['sender', () => '800000000000001', later],
  ])('says what a message waits for that a hold on its %s holds', async (scope, idOf, until) => {
    const message = await aMessage(database, { reason: 'throttled', errorCode: 130_429 });
    await hold(scope, idOf(message.recipient), until);
    const explained = await inSql(message.id);
    expect(explained).toEqual(await inApi(message));
    expect(explained).toMatchObject({ waitsFor: `hold.${scope}`, move: until === null ? 'operator' : 'herald' });
    await database.prisma.hold.deleteMany();
  });

  const template = { type: 'template', template: { name: 'order_shipped', language: { code: 'en' } } };
  it.each<[string, [string, string, number | null], MessageOverrides, string]>([
    ['a pause', ['waba', '900000000000001', 131_042], {}, lookupError({ code: 131_042 }).advice],
    [
      'a pause, and has met a limit itself',
      ['waba', '900000000000001', 131_042],
      { reason: 'throttled', errorCode: 130_429 },
      lookupError({ code: 131_042 }).advice,
    ],
    [
      'a template of another category',
      ['template', '900000000000001:order_shipped:en', null],
      { type: 'template', content: template },
      REASONS.template_recategorised.advice,
    ],
  ])(
    'says what to do about a message that waits behind %s',
    async (_name, [scope, scopeId, code], overrides, advice) => {
      const message = await aMessage(database, overrides);
      await hold(scope, scopeId, null, code);
      const explained = await inSql(message.id);
      expect(explained).toEqual(await inApi(message));
      expect(explained).toMatchObject({ waitsFor: `hold.${scope}`, move: 'operator', advice });
      await database.prisma.hold.deleteMany();
    },
  );

  it('says of whom it heard last, and when', async () => {
    const { id, clientId } = await aMessage(database);
    await database.prisma.event.create({
      data: {
        id: '01900000-0000-7000-8000-000000000001',
        clientId,
        type: 'message.queued',
        messageId: id,
        payload: { by: 'api' },
      },
    });
    const rows = await database.query(
      { name: '', sql: 'SELECT who, last_event FROM message_explained WHERE message_id = $1' },
      [id],
    );
    expect(rows).toEqual([{ who: 'api', last_event: 'message.queued' }]);
  });
});

describe('the words', () => {
  it('are published whole, and again without a trace of the old ones', async () => {
    await database.prisma.explanation.updateMany({ data: { title: 'old' } });
    await Promise.all([1, 2, 3].map(() => new PublishExplanationsService(database).publish()));
    const rows = await database.prisma.explanation.findMany({ orderBy: { no: 'asc' } });
    expect(rows.map(({ no: _no, ...row }) => row)).toEqual(EXPLANATIONS);
  });

  it('leave no state without a reason', () => {
    const states = new Set(Object.values(REASONS).map(({ state }) => state));
    expect(MESSAGE_STATES.filter((state) => !states.has(state))).toEqual([]);
  });
});
