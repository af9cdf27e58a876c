import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { aMessage, createTestDatabase, type MessageOverrides, type TestDatabase } from '#testing';
import { CancelMessageService } from './cancel-message.service.js';
import type { EndedSelection } from './queries/select-ended.query.js';
import { RedriveMessagesService, type RedriveWish } from './redrive-messages.service.js';

let testDatabase: TestDatabase;
let database: Database;
let cancels: CancelMessageService;
let redrives: RedriveMessagesService;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 5, statementTimeoutMs: 5_000 });
  cancels = new CancelMessageService(database, Logger.create('silent'));
  redrives = new RedriveMessagesService(database, Logger.create('silent'));
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  await database.query({ name: '', sql: 'TRUNCATE message, message_content, attempt, event' }, []);
});

const add = (overrides?: MessageOverrides) => aMessage(database, overrides);
const read = (id: string) => database.prisma.message.findUniqueOrThrow({ where: { id } });
const events = async (messageId: string) =>
  (await database.prisma.event.findMany({ where: { messageId } })).map(({ type, payload }) => ({ type, payload }));
const aWish = (overrides: Partial<RedriveWish> = {}): RedriveWish => ({
  by: 'api',
  keyId: null,
  isForced: false,
  why: null,
  expiresAt: null,
  ...overrides,
});
const ALL: EndedSelection = {
  clientId: null,
  senders: null,
  states: ['failed', 'expired'],
  from: null,
  errorCode: null,
  reason: null,
  tag: null,
  createdAfter: null,
  createdBefore: null,
};

describe('cancelling (T10)', () => {
  it('ends a message that waits, also one that a job names already', async () => {
    const { id } = await add({ fedAt: new Date() });
    const keyId = uuidv7();
    await cancels.cancel(id, keyId);
    expect(await read(id)).toMatchObject({
      state: 'cancelled',
      reason: 'cancelled',
      fence: 1n,
      nextAttemptAt: null,
      fedAt: null,
    });
    expect(await events(id)).toEqual([
      { type: 'message.cancelled', payload: { by: 'api', reason: 'cancelled', keyId } },
    ]);
  });

  it('is refused also in the moment in which the resolver queues it again (T6)', async () => {
    const { id } = await add({ state: 'uncertain', fence: 2n });
    const sql = [
      `UPDATE message SET state = 'queued', reason = 'resent_unproven', fence = fence + 1, next_attempt_at = now() WHERE id = $1`,
      `UPDATE attempt SET state = 'abandoned' WHERE message_id = $1`,
    ];
    let refused: Promise<void> = Promise.resolve();
    await database.transaction(async (tx) => {
      for (const each of sql) await tx.query({ name: '', sql: each }, [id]);
      refused = expect(cancels.cancel(id, null)).rejects.toMatchObject({ code: 'message_not_cancellable' });
      await sleep(300);
    });
    await refused;
    expect(await read(id)).toMatchObject({ state: 'queued' });
  });

  it('asked twice changes nothing more', async () => {
    const { id } = await add();
    await cancels.cancel(id, null);
    await cancels.cancel(id, null);
    expect(await events(id)).toHaveLength(1);
  });

  it.each(['sending', 'uncertain', 'accepted', 'failed', 'expired', 'unknown'])(
    'leaves one that is %s',
    async (state) => {
      const { id } = await add({ state });
      await expect(cancels.cancel(id, null)).rejects.toMatchObject({ code: 'message_not_cancellable' });
      expect(await read(id)).toMatchObject({ state });
      expect(await events(id)).toEqual([]);
    },
  );

  it('leaves one of which an attempt may have gone through', async () => {
    const { id } = await add({ attempts: [{ state: 'abandoned' }] });
    await expect(cancels.cancel(id, null)).rejects.toThrow(/may have gone through/);
    expect(await read(id)).toMatchObject({ state: 'queued' });
  });

  it('knows no message that is not there', async () => {
    await expect(cancels.cancel(uuidv7(), null)).rejects.toMatchObject({ code: 'message_not_found' });
  });
});

describe('redriving one (T11)', () => {
  it.each(['failed', 'expired'])('queues one that is %s again, as a new attempt of itself', async (state) => {
    const attempts = state === 'failed' ? [{ state: 'rejected_permanent' }] : [];
    const { id } = await add({ state, attempts, burned: 3, notSent: 2, errorCode: 131042 });
    await redrives.redriveOne(id, aWish({ by: 'operator', why: 'the card works again' }));
    const row = await read(id);
    expect(row).toMatchObject({ state: 'queued', reason: 'redriven', burned: 0, notSent: 0, errorCode: null });
    expect(row.fence).toBe(BigInt(attempts.length + 1));
    expect(row.attemptNo).toBe(attempts.length);
    expect(row.expiresAt.getTime() - Date.now()).toBeGreaterThan(23 * 3_600_000);
    expect(await events(id)).toEqual([
      {
        type: 'message.queued',
        payload: {
          by: 'operator',
          reason: 'redriven',
          attempt: attempts.length,
          was: state,
          because: 'the card works again',
        },
      },
    ]);
  });

  it('gives an authentication message ten minutes, and any message the end that is asked for', async () => {
    const { id } = await add({ state: 'expired', category: 'authentication' });
    await redrives.redriveOne(id, aWish());
    expect((await read(id)).expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(10 * 60_000);
    const other = await add({ state: 'failed' });
    const expiresAt = new Date(Date.now() + 3_600_000);
    await redrives.redriveOne(other.id, aWish({ expiresAt }));
    expect((await read(other.id)).expiresAt).toEqual(expiresAt);
    for (const unusable of [new Date(0), new Date(Date.now() + 32 * 86_400_000)]) {
      const refused = redrives.redriveOne((await add({ state: 'failed' })).id, aWish({ expiresAt: unusable }));
      await expect(refused).rejects.toMatchObject({ code: 'invalid_schedule' });
    }
  });

  it('takes an unknown one only when somebody insists', async () => {
    const { id } = await add({ state: 'unknown' });
    await expect(redrives.redriveOne(id, aWish())).rejects.toMatchObject({ code: 'message_not_redrivable' });
    await redrives.redriveOne(id, aWish({ isForced: true }));
    expect(await read(id)).toMatchObject({ state: 'queued' });
  });

  it.each(['queued', 'sending', 'uncertain', 'accepted', 'cancelled'])('leaves one that is %s', async (state) => {
    const { id } = await add({ state });
    await expect(redrives.redriveOne(id, aWish({ isForced: true }))).rejects.toMatchObject({
      code: 'message_not_redrivable',
    });
    expect(await read(id)).toMatchObject({ state });
  });

  it('of two at once only one takes effect', async () => {
    const { id } = await add({ state: 'failed' });
    const both = await Promise.allSettled([redrives.redriveOne(id, aWish()), redrives.redriveOne(id, aWish())]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await events(id)).toHaveLength(1);
  });
});

describe('redriving by filter', () => {
  it('counts first, then takes what the filter holds, oldest first, at most so many', async () => {
    const clientId = uuidv7();
    const mine = await Promise.all(
      Array.from({ length: 6 }, () => add({ clientId, state: 'failed', reason: 'rejected', errorCode: 131042 })),
    );
    await add({ clientId, state: 'expired', reason: 'expired' });
    await add({ clientId, state: 'accepted' });
    await add({ state: 'failed', errorCode: 131042 });
    const selection = { ...ALL, clientId };
    expect(await redrives.preview(selection, selection.states)).toEqual([
      { state: 'failed', reason: 'rejected', errorCode: 131042, count: 6 },
      { state: 'expired', reason: 'expired', errorCode: null, count: 1 },
    ]);
    expect(await redrives.redriveSelected({ ...selection, errorCode: 131042 }, aWish(), 4)).toBe(4);
    const left = await database.prisma.message.findMany({ where: { clientId, state: 'failed' } });
    const oldest = mine.map(({ id }) => id).sort();
    expect(left.map(({ id }) => id).sort()).toEqual(oldest.slice(4));
    expect(await redrives.redriveSelected(selection, aWish(), 100)).toBe(3);
    expect(await redrives.redriveSelected(selection, aWish(), 100)).toBe(0);
  });

  it('goes on over batches, and by sender, tag and time', async () => {
    await database.query(
      {
        name: '',
        sql: `WITH s AS (SELECT set_config('session_replication_role', 'replica', true))
          INSERT INTO message (id, client_id, phone_number_id, recipient, type, priority, policy, state, reason, next_attempt_at, expires_at)
          SELECT gen_random_uuid(), gen_random_uuid(), '1', '15550100002', 'text', 1, 'at_least_once', 'queued', 'new', now(), now() FROM s, generate_series(1, 1200)`,
      },
      [],
    );
    await database.query(
      { name: '', sql: `UPDATE message SET state = 'expired', reason = 'expired', next_attempt_at = NULL` },
      [],
    );
    const { id } = await add({ state: 'failed', phoneNumberId: '9' });
    expect(await redrives.redriveSelected({ ...ALL, from: '9', createdBefore: new Date(0) }, aWish(), 10)).toBe(0);
    expect(await redrives.redriveSelected({ ...ALL, from: '9', tag: 'x' }, aWish(), 10)).toBe(0);
    expect(await redrives.redriveSelected({ ...ALL, senders: ['9'] }, aWish(), 10)).toBe(1);
    expect(await read(id)).toMatchObject({ state: 'queued' });
    expect(await redrives.redriveSelected(ALL, aWish(), 10_000)).toBe(1_200);
  });
});
