import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '#persistence';
import { createTestDatabase, type TestDatabase } from '#testing';
import { FindMessageService } from './find-message.service.js';
import { ListMessagesService } from './list-messages.service.js';
import { recordStatuses } from '../queries/record-statuses.query.js';
import { ReadTimelineService } from './read-timeline.service.js';

let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 5, statementTimeoutMs: 5_000 });
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const PHONE_NUMBER_ID = '800000000000001';
let reader: { clientId: string; senders: 'all' };
beforeEach(() => {
  reader = { clientId: uuidv7(), senders: 'all' };
});
const find = (id: string) => new FindMessageService(database).find(reader, id);
const list = (filter: object) => new ListMessagesService(database).list(reader, { limit: 10, ...filter });

/** A queued message of the reader. */
async function aMessage(
  overrides: object = {},
  content: object = { type: 'text', text: { body: 'x' } },
): Promise<string> {
  const id = uuidv7();
  await database.prisma.message.create({
    data: {
      id,
      clientId: reader.clientId,
      phoneNumberId: PHONE_NUMBER_ID,
      recipient: '15550100001',
      type: 'text',
      priority: 1,
      policy: 'at_least_once',
      expiresAt: new Date(Date.now() + 60_000),
      ...overrides,
    },
  });
  await database.prisma.messageContent.create({ data: { id, content } });
  return id;
}

/** What a worker does: claims the message and makes an attempt. */
async function anAttempt(id: string, no: number): Promise<void> {
  await database.prisma.message.update({
    where: { id },
    data: {
      state: 'sending',
      reason: 'sending',
      fence: no,
      attemptNo: no,
      nextAttemptAt: null,
      leaseOwner: 'w',
      leaseUntil: new Date(Date.now() + 90_000),
    },
  });
  await database.prisma.attempt.create({
    data: { messageId: id, no, fence: no, state: 'started', startedAt: new Date() },
  });
}

describe('one message', () => {
  it('shows what Meta warned of, and stays as it was', async () => {
    const id = await aMessage();
    await anAttempt(id, 1);
    const warn = (ts: number, code: number, errors: object[] | null) =>
      recordStatuses(database, [
        {
          ...{ messageId: id, attemptNo: 1, wamid: 'wamid.W', status: 'warning', rank: 0, ts, code, errors },
          ...{ recipient: '15550100001', pricing: null, conversation: null, inboxId: uuidv7(), eventId: uuidv7() },
        },
      ]);
    const error = { code: 131999, title: 'Item not found', error_data: { details: 'sku-2 does not exist' } };
    await warn(1_790_856_002, 131999, [error]);
    await warn(1_790_856_002, 131999, [error]);
    await warn(1_790_856_001, 0, null);
    expect(await find(id)).toMatchObject({
      state: 'sending',
      status: null,
      error: null,
      warnings: [
        { at: new Date(1_790_856_001_000), code: 'warning', title: 'Meta warned of it', details: null },
        { at: new Date(1_790_856_002_000), code: 131999, title: 'Item not found', details: 'sku-2 does not exist' },
      ],
    });
    const { data } = await list({});
    expect(data).toMatchObject([{ warnings: [{ code: 'warning' }, { code: 131999 }] }]);
  });

  it('says nothing once it was erased, not even what is kept of a template', async () => {
    const template = { type: 'template', template: { name: 'order_ready', language: { code: 'en_US' } } };
    const id = await aMessage({}, template);
    expect(await find(id)).toMatchObject({ message: template });
    await database.prisma.messageContent.update({
      where: { id },
      data: { content: template, windowFallback: template, erasedAt: new Date() },
    });
    expect(await find(id)).toMatchObject({ message: null, windowFallback: null });
  });

  it('is shown through its life', async () => {
    const id = await aMessage();
    expect(await find(id)).toMatchObject({ state: 'queued', waitsFor: 'worker', attempts: 0, windowPolicy: 'enforce' });

    await anAttempt(id, 1);
    expect(await find(id)).toMatchObject({
      state: 'sending',
      waitsFor: 'answer',
      waitsUntil: expect.any(Date),
      attempts: 1,
    });

    const resolveAfter = new Date(Date.now() + 120_000);
    await database.prisma.attempt.update({
      where: { messageId_no: { messageId: id, no: 1 } },
      data: { state: 'uncertain', endedAt: new Date(), uncertainSince: new Date(), resolveAfter },
    });
    await database.prisma.message.update({
      where: { id },
      data: { state: 'uncertain', reason: 'answer_lost', leaseOwner: null, leaseUntil: null },
    });
    expect(await find(id)).toMatchObject({
      state: 'uncertain',
      waitsFor: 'evidence',
      waitsUntil: resolveAfter,
      waWamid: null,
    });

    await database.prisma.attempt.update({
      where: { messageId_no: { messageId: id, no: 1 } },
      data: { state: 'accepted', wamid: 'wamid.A' },
    });
    await database.prisma.message.update({
      where: { id },
      data: { state: 'accepted', reason: 'proved_by_status', waRank: 4, deliveredAt: new Date() },
    });
    const { sentAt, deliveredAt, ...shown } = await find(id);
    expect(shown).toMatchObject({
      state: 'accepted',
      status: 'delivered',
      waWamid: 'wamid.A',
      waitsFor: null,
      error: null,
      warnings: [],
    });
    expect(sentAt).toEqual(deliveredAt);
  });

  it('says which hold keeps it waiting, the longest one', async () => {
    const id = await aMessage({ phoneNumberId: '800000000000002', recipient: '15550100002' });
    const until = new Date(Date.now() + 60_000);
    const over = new Date(Date.now() - 1_000);
    await database.prisma.hold.createMany({
      data: [
        { scope: 'pair', scopeId: '800000000000002:15550100002', reason: 'throttled', until },
        { scope: 'pair', scopeId: '800000000000002:15550100003', reason: 'throttled', until: null },
        { scope: 'sender', scopeId: '800000000000002', reason: 'throttled', until: over },
      ],
    });
    expect(await find(id)).toMatchObject({ waitsFor: 'hold.pair', waitsUntil: until });
    await database.prisma.hold.update({
      where: { scope_scopeId: { scope: 'sender', scopeId: '800000000000002' } },
      data: { until: null },
    });
    expect(await find(id)).toMatchObject({ waitsFor: 'hold.sender', waitsUntil: null });
  });

  it('knows the hold of its template', async () => {
    const phoneNumberId = '800000000000003';
    const { prisma } = database;
    const token = await prisma.accessToken.create({
      data: { id: uuidv7(), appId: 'default', fingerprint: new Uint8Array(32), ciphertext: 'none' },
    });
    await prisma.waba.create({ data: { id: 'w3', portfolioId: 'p3' } });
    await prisma.sender.create({ data: { phoneNumberId, wabaId: 'w3', accessTokenId: token.id } });
    const id = await aMessage(
      { phoneNumberId, type: 'template' },
      { type: 'template', template: { name: 'paused_one', language: { code: 'en' } } },
    );
    await prisma.hold.create({
      data: { scope: 'template', scopeId: 'w3:paused_one:en', reason: 'paused', until: null },
    });
    expect(await find(id)).toMatchObject({ waitsFor: 'hold.template', waitsUntil: null });
    await prisma.hold.create({ data: { scope: 'template', scopeId: 'w3:other:en', reason: 'paused', until: null } });
    expect(await find(await aMessage({ phoneNumberId }))).toMatchObject({ waitsFor: 'worker' });
  });

  it('explains a refusal by the code and the answer it came with', async () => {
    const id = await aMessage();
    await anAttempt(id, 1);
    await database.prisma.attempt.update({
      where: { messageId_no: { messageId: id, no: 1 } },
      data: { state: 'rejected_permanent', endedAt: new Date(), httpStatus: 400, errorCode: 131051 },
    });
    await database.prisma.message.update({
      where: { id },
      data: { state: 'failed', reason: 'rejected', leaseOwner: null, leaseUntil: null, errorCode: 131051 },
    });
    expect(await find(id)).toMatchObject({
      state: 'failed',
      error: { code: 131051 },
      failedAt: expect.any(Date),
      waitsFor: null,
    });
  });
});

describe('the list', () => {
  it('shows only the senders of the reader', async () => {
    await aMessage();
    const other = await aMessage({ phoneNumberId: '800000000000009' });
    const narrow = { ...reader, senders: ['800000000000009'] };
    const { data } = await new ListMessagesService(database).list(narrow, { limit: 10 });
    expect(data.map(({ id }) => id)).toEqual([other]);
  });

  it('ends with no cursor when the last page is full', async () => {
    await aMessage();
    await aMessage();
    expect((await list({ limit: 2 })).nextCursor).toBeNull();
    expect((await list({ limit: 1 })).nextCursor).not.toBeNull();
  });

  it('finds what a status filter means, none too', async () => {
    const none = await aMessage();
    const played = await aMessage();
    await database.prisma.message.update({ where: { id: played }, data: { waRank: 6 } });
    const ids = async (status: string) => (await list({ status })).data.map(({ id }) => id);
    expect([await ids('none'), await ids('played'), await ids('read')]).toEqual([[none], [played], []]);
  });
});

describe('the timeline', () => {
  it('has every event, attempt and status', async () => {
    const id = await aMessage();
    const { clientId } = reader;
    const statusEvent = uuidv7();
    await database.prisma.event.create({
      data: { id: uuidv7(), clientId, type: 'message.queued', messageId: id, payload: { by: 'api', reason: 'new' } },
    });
    await anAttempt(id, 1);
    await database.prisma.statusEvent.create({
      data: {
        messageId: id,
        attemptNo: 1,
        recipient: '15550100001',
        status: 'sent',
        ts: 1_700_000_000n,
        rank: 2,
        inboxId: uuidv7(),
        eventId: statusEvent,
        clientId,
      },
    });
    await database.prisma.event.create({
      data: {
        id: statusEvent,
        clientId,
        type: 'message.sent',
        messageId: id,
        payload: { by: 'meta' },
        createdAt: new Date(Date.now() + 1_000),
      },
    });
    const { entries: timeline } = await new ReadTimelineService(database, new FindMessageService(database)).read(
      reader,
      id,
    );
    expect(timeline.map(({ kind, what, who }) => [kind, what, who])).toEqual([
      ['event', 'message.queued', 'api'],
      ['attempt', 'started', 'worker'],
      ['status', 'sent', 'meta'],
    ]);
    expect(timeline[2]?.details).toEqual({ reportedAt: new Date(1_700_000_000_000) });
  });
});
