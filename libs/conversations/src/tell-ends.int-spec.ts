import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { A_SENDER, aClient, anEnvironment, aSender, createTestDatabase, type TestDatabase } from '#testing';
import { followConversations } from './follow-conversations.js';
import { markExpired } from './queries/mark-told.query.js';
import { TellEndsService } from './tell-ends.service.js';

const { phoneNumberId, wabaId } = A_SENDER;
const HOUR = 3_600_000;
const CONTACT = '15550100101';
let testDatabase: TestDatabase;
let database: Database;
let clientId: string;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 10, statementTimeoutMs: 10_000 });
  await aSender(database);
  clientId = await aListener({});
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  await run('TRUNCATE conversation, inbound_message, event');
  await run('DELETE FROM api_key WHERE client_id <> $1', clientId);
});

const run = <Row>(sql: string, ...values: unknown[]) => database.query<Row>({ name: '', sql }, values);
const ago = (ms: number) => new Date(Date.now() - ms);
/** A client with one key. */
async function aListener(key: { scopes?: string[]; senders?: string[]; revokedAt?: Date }) {
  const { id } = await aClient(database);
  const hash = Buffer.from(id.replaceAll('-', ''), 'hex');
  await database.prisma.apiKey.create({
    data: {
      id: uuidv7(),
      clientId: id,
      prefix: 'hk_test',
      hash: Buffer.concat([hash, hash]),
      scopes: key.scopes ?? ['inbound:read'],
      allSenders: key.senders === undefined,
      senders: key.senders ?? [],
      revokedAt: key.revokedAt ?? null,
    },
  });
  return id;
}
const teller = (on = database, lead = '3600') =>
  new TellEndsService(on, anEnvironment({ CONVERSATION_EXPIRING_SOON_SECONDS: lead }), Logger.create('silent'));
/** The contact wrote, and intake has applied it. */
async function hear(ts: Date, contact = CONTACT) {
  await database.prisma.inboundMessage.create({
    data: {
      wamid: `wamid.${uuidv7()}`,
      phoneNumberId,
      wabaId,
      contact,
      type: 'text',
      ts,
      content: {},
      inboxId: uuidv7(),
      receivedAt: ts,
    },
  });
  await database.transaction((tx) =>
    followConversations(tx, [{ kind: 'heard', phoneNumberId, contact, at: ts, isReferral: false }]),
  );
}
const events = async (of = clientId) =>
  (await run<{ type: string }>('SELECT type FROM event WHERE client_id = $1 ORDER BY id', of)).map(({ type }) =>
    type.replace('conversation.', ''),
  );

describe('the end of a conversation', () => {
  it.each<[string, number, string[]]>([
    ['is told of by nothing while it is further away than that', 23 * HOUR - 5_000, ['opened']],
    ['is told of when it comes soon', 23 * HOUR + 1_000, ['opened', 'expiring_soon']],
    ['is told of when it came', 24 * HOUR + 1_000, ['opened', 'expired']],
    ['is not told of a moment before', 24 * HOUR - 5_000, ['opened', 'expiring_soon']],
  ])('%s, once', async (_name, heardAgo, told) => {
    await hear(ago(heardAgo));
    await teller().tell();
    expect(await teller().tell()).toBe(0);
    expect(await events()).toEqual(told);
  });

  it('says which conversation', async () => {
    const at = ago(25 * HOUR);
    await hear(at);
    await teller().tell();
    const { id } = await database.prisma.conversation.findFirstOrThrow();
    const [{ payload }] = (await run(`SELECT payload FROM event WHERE type = 'conversation.expired'`)) as [
      { payload: unknown },
    ];
    expect(payload).toEqual({
      conversationId: id,
      sender: phoneNumberId,
      contact: CONTACT,
      kind: 'service',
      category: null,
      openedAt: at.toISOString(),
      expiresAt: new Date(at.getTime() + 24 * HOUR).toISOString(),
    });
  });

  it('is not told of beforehand where that is turned off', async () => {
    await hear(ago(24 * HOUR - 5_000));
    expect(await teller(database, '0').tell()).toBe(0);
    expect(await events()).toEqual(['opened']);
  });

  it('that moves is another: it is told of again, soon and when it comes', async () => {
    await hear(ago(23.5 * HOUR));
    await teller().tell();
    await hear(ago(23.2 * HOUR));
    await teller().tell();
    await run(`UPDATE conversation SET expires_at = now() - interval '1 second'`);
    await teller().tell();
    expect(await events()).toEqual(['opened', 'expiring_soon', 'extended', 'expiring_soon', 'expired']);
  });

  it('that had come, and moves by what comes late, comes again', async () => {
    await hear(ago(25 * HOUR));
    await teller().tell();
    await hear(ago(10 * HOUR));
    await teller().tell();
    expect(await events()).toEqual(['opened', 'expired', 'extended']);
  });

  it('that was told of is not told of again when its window turns out to be part of the one before', async () => {
    for (const at of [50, 25.5]) {
      await hear(ago(at * HOUR));
      await teller().tell();
    }
    const told = ['opened', 'expired', 'opened', 'expired'];
    expect(await events()).toEqual(told);
    await hear(ago(38 * HOUR));
    expect(await database.prisma.conversation.count()).toBe(1);
    expect(await teller().tell()).toBe(0);
    expect(await events()).toEqual(told);
  });

  it('that was told to come soon is told of once, when it comes, after two windows became one', async () => {
    for (const at of [48, 23.5]) {
      await hear(ago(at * HOUR));
      await teller().tell();
    }
    await hear(ago(36 * HOUR));
    expect(await teller().tell()).toBe(0);
    await run(`UPDATE conversation SET expires_at = now() - interval '1 second'`);
    await teller().tell();
    expect(await events()).toEqual(['opened', 'expired', 'opened', 'expiring_soon', 'extended', 'expired']);
  });

  it('that is told of while two windows become one is not told of again', async () => {
    await hear(ago(50 * HOUR));
    await hear(ago(25.5 * HOUR));
    let joins = Promise.resolve();
    await database.transaction(async (tx) => {
      expect(await markExpired(tx, 10)).toHaveLength(2);
      joins = hear(ago(38 * HOUR));
      await Promise.race([joins, setTimeout(300)]);
    });
    await joins;
    expect(await database.prisma.conversation.count()).toBe(1);
    expect(await teller().tell()).toBe(0);
    expect(await events()).toEqual(['opened', 'opened']);
  });

  it('is told of once by several workers at once', async () => {
    const contacts = Array.from({ length: 60 }, (_, index) => String(15_550_100_200 + index));
    for (const contact of contacts) await hear(ago(25 * HOUR), contact);
    const others = Array.from(
      { length: 3 },
      () => new Database({ url: testDatabase.url, poolMax: 2, statementTimeoutMs: 10_000 }),
    );
    const told = await Promise.all(others.map((other) => teller(other).tell()));
    await teller().tell();
    await Promise.all(others.map((other) => other.close()));
    expect(told.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(contacts.length);
    expect((await events()).filter((type) => type === 'expired')).toHaveLength(contacts.length);
  });

  it('that a late message moves meanwhile is not told of', async () => {
    await hear(ago(24 * HOUR + 1_000));
    let tell: Promise<number> = Promise.resolve(0);
    await database.transaction(async (tx) => {
      await tx.query({ name: '', sql: `UPDATE conversation SET expires_at = now() + interval '2 hours'` }, []);
      tell = teller().tell();
      expect(await tell).toBe(0);
    });
    expect(await teller().tell()).toBe(0);
    expect(await events()).toEqual(['opened']);
  });
});

describe('who is told', () => {
  it('is each client with a key for the sender that may read what contacts write', async () => {
    const also = await aListener({ senders: [phoneNumberId] });
    const silent = [
      await aListener({ senders: ['7'] }),
      await aListener({ scopes: ['messages:read'] }),
      await aListener({ revokedAt: new Date() }),
    ];
    await hear(ago(HOUR));
    expect([await events(), await events(also)]).toEqual([['opened'], ['opened']]);
    for (const client of silent) expect(await events(client)).toEqual([]);
  });
});
