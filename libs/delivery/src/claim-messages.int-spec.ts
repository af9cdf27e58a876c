import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { A_SENDER, aMessage, aSender, type MessageOverrides } from '#testing';
import { ClaimMessagesService } from './claim-messages.service.js';
import { type DeliveryWorld, openDeliveryWorld } from './specs/delivery-world.js';

let world: DeliveryWorld;
let sender: Awaited<ReturnType<typeof aSender>>;
beforeAll(async () => {
  world = await openDeliveryWorld();
  sender = await aSender(world.database);
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.run('DELETE FROM hold'));

const add = (overrides?: MessageOverrides) => aMessage(world.database, overrides);
const hold = (scope: string, scopeId: string, until: string) =>
  world.run(`INSERT INTO hold (scope, scope_id, reason, until) VALUES ($1, $2, 'r', ${until})`, scope, scopeId);

describe('a claim', () => {
  it('gives the message, starts an attempt, takes a lease and says so (T1)', async () => {
    const { id, clientId, recipient } = await add({ fedAt: new Date(), burned: 2, notSent: 3 });
    const [claimed] = await world.newClaims().claim([id]);
    expect(claimed).toEqual({
      messageId: id,
      clientId,
      phoneNumberId: A_SENDER.phoneNumberId,
      recipient,
      recipientKind: 'phone',
      api: 'messages',
      fence: '1',
      attemptNo: 1,
      burned: 2,
      notSent: 3,
      category: null,
      categorySource: null,
      usesFallback: false,
      content: { type: 'text', text: { body: 'Your table is ready' } },
      windowFallback: null,
      windowPolicy: 'enforce',
      mediaMode: null,
    });
    const row = await world.message(id);
    expect(row).toMatchObject({
      state: 'sending',
      reason: 'sending',
      fence: 1n,
      attemptNo: 1,
      nextAttemptAt: null,
      fedAt: null,
    });
    expect(row.leaseUntil!.getTime() - row.updatedAt.getTime()).toBe(world.environment.SEND_LEASE_MS);
    expect(await world.attempts(id)).toMatchObject([{ no: 1, fence: 1n, state: 'started', endedAt: null }]);
    expect(await world.events(id)).toEqual([{ type: 'message.sending', payload: { by: 'worker', attempt: 1 } }]);
  });

  it('of 20 at once has one winner', async () => {
    const { id } = await add();
    const claims = await Promise.all(Array.from({ length: 20 }, () => world.newClaims().claim([id])));
    expect(claims.flat().map(({ messageId }) => messageId)).toEqual([id]);
    expect(await world.attempts(id)).toHaveLength(1);
  });

  it('shared by two jobs that name one message gives it to the first alone', async () => {
    const [one, both, other] = [await add(), await add(), await add()];
    const service = world.newClaims();
    const [first, second] = await Promise.all([service.claim([one.id, both.id]), service.claim([both.id, other.id])]);
    expect(first.map(({ messageId }) => messageId).sort()).toEqual([one.id, both.id].sort());
    expect(second.map(({ messageId }) => messageId)).toEqual([other.id]);
    expect(await world.message(both.id)).toMatchObject({ state: 'sending', fence: 1n });
  });

  it('of many takes each of them, also one whose content was erased', async () => {
    const messages = await Promise.all(Array.from({ length: 50 }, (_, i) => add(i === 7 ? { content: null } : {})));
    const claimed = await world.newClaims().claim(messages.map(({ id }) => id));
    expect(new Set(claimed.map(({ messageId }) => messageId))).toEqual(new Set(messages.map(({ id }) => id)));
    expect(claimed.find(({ messageId }) => messageId === messages[7]!.id)?.content).toBeNull();
  });

  it('takes one whose content row is gone too: it must end, not wait for ever', async () => {
    const { id } = await add();
    await world.run('DELETE FROM message_content WHERE id = $1', id);
    expect(await world.newClaims().claim([id])).toMatchObject([{ messageId: id, content: null, windowFallback: null }]);
  });

  it.each<[string, MessageOverrides]>([
    ['not due yet', { nextAttemptAt: new Date(Date.now() + 60_000) }],
    ['expired', { expiresAt: new Date(Date.now() - 1_000) }],
    ['being sent', { state: 'sending' }],
    ['uncertain', { state: 'uncertain' }],
    ['accepted', { state: 'accepted' }],
    ['failed', { state: 'failed' }],
    ['cancelled', { state: 'cancelled' }],
    ['unknown', { state: 'unknown' }],
  ])('leaves one that is %s', async (_name, overrides) => {
    const before = await add({ ...overrides });
    expect(await world.newClaims().claim([before.id])).toEqual([]);
    const { attempts: _attempts, ...row } = before;
    expect(await world.message(before.id)).toEqual(row);
  });

  it('forgets that it was fed what it leaves, for the feeder to find', async () => {
    const { id } = await add({ nextAttemptAt: new Date(Date.now() + 60_000), fedAt: new Date() });
    await world.newClaims().claim([id]);
    expect(await world.message(id)).toMatchObject({ state: 'queued', fedAt: null });
  });

  it('forgets that it was fed what the feeder marks just now: the job that it adds may be taken for this one', async () => {
    const { id } = await add();
    let claim: Promise<unknown> | undefined;
    await world.database.transaction(async (tx) => {
      await tx.query({ name: '', sql: 'UPDATE message SET fed_at = now() WHERE id = $1' }, [id]);
      claim = world.newClaims().claim([id]);
      await setTimeout(200);
    });
    expect(await claim).toEqual([]);
    expect(await world.message(id)).toMatchObject({ state: 'queued', fedAt: null });
  });

  it('passes over a row that another worker locks', async () => {
    const { id } = await add();
    await world.database.transaction(async (tx) => {
      await tx.query({ name: '', sql: 'SELECT 1 FROM message WHERE id = $1 FOR UPDATE' }, [id]);
      expect(await world.newClaims().claim([id])).toEqual([]);
    });
    expect(await world.newClaims().claim([id])).toHaveLength(1);
  });

  it('keeps what it won when the rest cannot be put back', async () => {
    const { id } = await add();
    const later = await add({ nextAttemptAt: new Date(Date.now() + 60_000), fedAt: new Date() });
    const refusing = Object.create(world.database, {
      query: {
        value: (statement: { name: string; sql: string }, values: unknown[]) =>
          statement.name === 'put-back-unclaimed'
            ? Promise.reject(new Error('down'))
            : world.database.query(statement, values),
      },
    }) as typeof world.database;
    const service = new ClaimMessagesService(refusing, world.environment, world.logger);
    expect(await service.claim([later.id, id])).toMatchObject([{ messageId: id }]);
  });
});

describe('a hold', () => {
  it.each(['sender', 'waba', 'access_token', 'portfolio', 'app'])(
    'on the %s keeps its messages, with and without an end',
    async (scope) => {
      const scopeId = {
        sender: sender.phoneNumberId,
        waba: sender.wabaId,
        access_token: sender.accessTokenId,
        portfolio: sender.portfolioId,
        app: sender.appId,
      }[scope]!;
      for (const until of ['NULL', `now() + interval '1 minute'`]) {
        const { id } = await add();
        await hold(scope, scopeId, until);
        expect(await world.newClaims().claim([id])).toEqual([]);
        await world.run('DELETE FROM hold');
        await hold(scope, 'another', until);
        expect(await world.newClaims().claim([id])).toHaveLength(1);
        await world.run('DELETE FROM hold');
      }
    },
  );

  it('that is over keeps nothing', async () => {
    const { id, recipient } = await add();
    await hold('sender', sender.phoneNumberId, `now() - interval '1 second'`);
    await hold('pair', `${sender.phoneNumberId}:${recipient}`, `now() - interval '1 second'`);
    expect(await world.newClaims().claim([id])).toHaveLength(1);
  });

  it('on a pair keeps that pair until its end, and no other', async () => {
    const [held, free] = [await add({ fedAt: new Date() }), await add()];
    await hold('pair', `${sender.phoneNumberId}:${held.recipient}`, `now() + interval '40 seconds'`);
    expect(await world.newClaims().claim([held.id, free.id])).toMatchObject([{ messageId: free.id }]);
    const row = await world.message(held.id);
    expect(row).toMatchObject({ state: 'queued', fedAt: null });
    expect(row.nextAttemptAt!.getTime() - Date.now()).toBeGreaterThan(35_000);
  });

  it('without an end on a pair lets the message rest for a minute', async () => {
    const { id, recipient } = await add({ fedAt: new Date() });
    await hold('pair', `${sender.phoneNumberId}:${recipient}`, 'NULL');
    expect(await world.newClaims().claim([id])).toEqual([]);
    expect((await world.message(id)).nextAttemptAt!.getTime() - Date.now()).toBeGreaterThan(55_000);
  });

  it('on a template keeps messages of that template, and one whose fallback it is', async () => {
    const template = (name: string) => ({ type: 'template', template: { name, language: { code: 'en' } } });
    const paused = await add({ type: 'template', content: template('paused') });
    const other = await add({ type: 'template', content: template('other') });
    const text = await add({ windowFallback: template('paused') });
    const fallback = await add({ windowFallback: template('paused'), usesFallback: true });
    await hold('template', `${sender.wabaId}:paused:en`, 'NULL');
    const claimed = await world.newClaims().claim([paused.id, other.id, text.id, fallback.id]);
    expect(claimed.map(({ messageId }) => messageId).sort()).toEqual([other.id, text.id].sort());
    expect((await world.message(paused.id)).nextAttemptAt!.getTime() - Date.now()).toBeGreaterThan(55_000);
  });
});
