import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Logger } from '#observability';
import { Database } from '#persistence';
import {
  aMessage,
  anEnvironment,
  aSender,
  createTestDatabase,
  type MessageOverrides,
  type TestDatabase,
} from '#testing';
import { type AttemptStatus, recordStatuses } from '../queries/record-statuses.query.js';
import { PresumeDroppedService } from './presume-dropped.service.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
let testDatabase: TestDatabase;
let database: Database;
let dropped: PresumeDroppedService;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 5, statementTimeoutMs: 5_000 });
  dropped = new PresumeDroppedService(database, anEnvironment(), Logger.create('silent'));
  await aSender(database);
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
const run = (sql: string, ...values: unknown[]) => database.query({ name: '', sql }, values);
beforeEach(() => run('TRUNCATE message, message_content, attempt, event, status_event, sweep_mark, template'));

/** A message that Meta took so long ago. */
async function taken(agoMs: number, overrides: MessageOverrides = {}) {
  const message = await aMessage(database, { state: 'accepted', ...overrides });
  const acceptedAt = Date.now() - agoMs;
  await run(
    `INSERT INTO event (id, client_id, type, message_id) VALUES ($1, $2, 'message.accepted', $3)`,
    uuidv7({ msecs: acceptedAt }),
    message.clientId,
    message.id,
  );
  return message;
}
const isMarked = async (id: string) =>
  (await database.prisma.message.findUniqueOrThrow({ where: { id } })).presumedDroppedAt !== null;
const events = async (messageId: string) =>
  (await database.prisma.event.findMany({ where: { messageId }, orderBy: { id: 'asc' } })).map(({ type }) => type);
const aStatus = (messageId: string, status: string, rank: number): AttemptStatus => ({
  messageId,
  attemptNo: 1,
  wamid: 'wamid.x',
  status,
  rank,
  ts: 1_700_000_000,
  code: 0,
  recipient: '15550100101',
  pricing: null,
  conversation: null,
  errors: null,
  inboxId: uuidv7(),
  eventId: uuidv7(),
});

describe('a message of which Meta says nothing more', () => {
  it.each<[string, number, MessageOverrides, boolean]>([
    ['authentication, after 15 minutes', 16 * MINUTE_MS, { category: 'authentication' }, true],
    ['authentication, before', 14 * MINUTE_MS, { category: 'authentication' }, false],
    ['authentication that was sent', 16 * MINUTE_MS, { category: 'authentication', waRank: 2 }, true],
    ['authentication that was delivered', 16 * MINUTE_MS, { category: 'authentication', waRank: 4 }, false],
    ['authentication that failed', 16 * MINUTE_MS, { category: 'authentication', waRank: 3 }, false],
    ['another, after 33 days', 34 * DAY_MS, {}, true],
    ['another, before', 32 * DAY_MS, {}, false],
    ['marketing, before', 32 * DAY_MS, { category: 'marketing' }, false],
  ])('%s', async (_name, agoMs, overrides, expected) => {
    const { id } = await taken(agoMs, overrides);
    expect(await dropped.sweep()).toBe(expected ? 1 : 0);
    expect(await isMarked(id)).toBe(expected);
    expect(await events(id)).toEqual(['message.accepted', ...(expected ? ['message.presumed_dropped'] : [])]);
    expect(await dropped.sweep()).toBe(0);
  });

  it.each([
    ['sent', 2, true],
    ['failed', 3, false],
    ['delivered', 4, false],
    ['read', 5, false],
  ])('keeps its mark, or loses it, with a late %s: one event each', async (status, rank, stays) => {
    const { id } = await taken(34 * DAY_MS);
    await dropped.sweep();
    for (let again = 0; again < 2; again += 1)
      await database.transaction((tx) => recordStatuses(tx, [aStatus(id, status, rank)]));
    expect(await isMarked(id)).toBe(stays);
    const cleared = (await events(id)).filter((type) => type === 'message.presumed_dropped_cleared');
    expect(cleared).toHaveLength(stays ? 0 : 1);
    expect(await dropped.sweep()).toBe(0);
  });

  describe('of a template with a time of its own', () => {
    /** A message of the template `code`, whose sender's WABA has it with that time. */
    async function templated(
      agoMs: number,
      ttlSeconds: number | null,
      { isFallback = false, category = 'authentication' } = {},
    ) {
      const message = await taken(agoMs, {
        type: isFallback ? 'text' : 'template',
        category,
        usesFallback: isFallback,
      });
      const template = { type: 'template', template: { name: 'code', language: { code: 'en_US' } } };
      await run('DELETE FROM message_content WHERE id = $1', message.id);
      await run(
        'INSERT INTO message_content (id, content, window_fallback) VALUES ($1, $2, $3)',
        message.id,
        JSON.stringify(isFallback ? { type: 'text', text: { body: 'x' } } : template),
        isFallback ? JSON.stringify(template) : null,
      );
      await run(
        `INSERT INTO template (waba_id, name, language, meta_id, category, category_at, status, status_at, quality_at, parameter_format, ttl_seconds)
         SELECT waba_id, 'code', 'en_US', '1', 'AUTHENTICATION', now(), 'APPROVED', now(), now(), 'POSITIONAL', $2 FROM sender WHERE phone_number_id = $1
         ON CONFLICT (waba_id, name, language) DO UPDATE SET ttl_seconds = excluded.ttl_seconds`,
        message.phoneNumberId,
        ttlSeconds,
      );
      return message;
    }

    it.each<[string, number, number | null, { isFallback?: boolean; category?: string }, boolean]>([
      ['a minute, after six', 6.1 * MINUTE_MS, 60, {}, true],
      ['a minute, before', 5.9 * MINUTE_MS, 60, {}, false],
      ['twelve hours, after the time of others', 16 * MINUTE_MS, 43_200, {}, false],
      ['twelve hours, after 13.2', 13.3 * 60 * MINUTE_MS, 43_200, {}, true],
      ['a minute, as a fallback', 6.1 * MINUTE_MS, 60, { isFallback: true, category: 'utility' }, true],
      ['none', 14 * MINUTE_MS, null, {}, false],
      ['none, after the time of authentication', 16 * MINUTE_MS, null, {}, true],
      ['the longest', 32 * DAY_MS, -1, {}, false],
      ['the longest, after 33 days', 34 * DAY_MS, -1, {}, true],
    ])('%s', async (_name, agoMs, ttlSeconds, what, expected) => {
      const { id } = await templated(agoMs, ttlSeconds, what);
      expect(await dropped.sweep()).toBe(expected ? 1 : 0);
      expect(await isMarked(id)).toBe(expected);
    });

    it('is found by a later sweep when the template got its time after the sweep of that time went by', async () => {
      const { id } = await templated(16 * MINUTE_MS, 60);
      await run(`INSERT INTO sweep_mark (name, event_id) VALUES ('presumed_dropped:ttl:60', $1)`, uuidv7());
      expect(await dropped.sweep()).toBe(1);
      expect(await isMarked(id)).toBe(true);
    });

    it('is looked for from where the usual sweeps are when the time is new', async () => {
      await templated(20 * MINUTE_MS, 60);
      await run(
        `INSERT INTO sweep_mark (name, event_id) VALUES ('presumed_dropped:other', $1), ('presumed_dropped:authentication', $1)`,
        uuidv7(),
      );
      expect(await dropped.sweep()).toBe(0);
    });
  });

  it('is found among many, and each event is looked at once', async () => {
    const { id } = await taken(40 * DAY_MS);
    await run(
      `INSERT INTO event (id, client_id, type) SELECT ('019' || substr(gen_random_uuid()::text, 4))::uuid, gen_random_uuid(), 'message.sent' FROM generate_series(1, 12000)`,
    );
    const late = await taken(34 * DAY_MS);
    expect(await dropped.sweep()).toBe(2);
    expect([await isMarked(id), await isMarked(late.id)]).toEqual([true, true]);
    const marks = await database.prisma.sweepMark.findMany();
    expect(marks.map(({ name }) => name).sort()).toEqual(['presumed_dropped:authentication', 'presumed_dropped:other']);
  });

  it('is marked once by two sweeps at once', async () => {
    const { id } = await taken(34 * DAY_MS);
    await Promise.all([dropped.sweep(), dropped.sweep()]);
    expect((await events(id)).filter((type) => type === 'message.presumed_dropped')).toHaveLength(1);
  });
});
