import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aMessage, aSender, type MessageOverrides } from '#testing';
import { FeederService } from './feeder.service.js';
import { feedDueMessages, unfeed } from './queries/feed-due-messages.query.js';
import { aSettlement, type DeliveryWorld, openDeliveryWorld } from './specs/delivery-world.js';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await openDeliveryWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.run('TRUNCATE message, message_content, attempt, event, hold');
});

const add = (overrides?: MessageOverrides) => aMessage(world.database, overrides);
const ago = (ms: number) => new Date(Date.now() - ms);

describe('the reaper (T4)', () => {
  it.each([
    ['at_least_once', 120_000],
    ['at_most_once', 60_000],
  ])('calls what its worker left uncertain: %s waits %i ms for evidence', async (policy, graceMs) => {
    const { id } = await add({ state: 'sending', policy, leaseUntil: ago(1), burned: 1, notSent: 4 });
    expect(await world.reaper.reap()).toBe(1);
    expect(await world.message(id)).toMatchObject({
      state: 'uncertain',
      reason: 'lease_expired',
      fence: 2n,
      burned: 2,
      notSent: 4,
      leaseUntil: null,
      leaseOwner: null,
    });
    const [attempt] = await world.attempts(id);
    expect(attempt).toMatchObject({ state: 'uncertain', http2xx: false });
    expect(Math.abs(attempt!.resolveAfter!.getTime() - attempt!.uncertainSince!.getTime() - graceMs)).toBeLessThan(50);
    expect(await world.events(id)).toEqual([
      { type: 'message.uncertain', payload: { by: 'reaper', reason: 'lease_expired', attempt: 1 } },
    ]);
    expect(await world.reaper.reap()).toBe(0);
  });

  it('leaves a lease that still runs', async () => {
    const { id } = await add({ state: 'sending', leaseUntil: new Date(Date.now() + 5_000) });
    expect(await world.reaper.reap()).toBe(0);
    expect(await world.message(id)).toMatchObject({ state: 'sending', fence: 1n });
  });

  it('goes on until nothing is left, two at once, each message once', async () => {
    await Promise.all(Array.from({ length: 520 }, () => add({ state: 'sending', leaseUntil: ago(1) })));
    const reaped = await Promise.all([world.reaper.reap(), world.reaper.reap()]);
    expect(reaped.reduce((sum, count) => sum + count, 0)).toBe(520);
    expect(await world.database.prisma.event.count({ where: { type: 'message.uncertain' } })).toBe(520);
  });

  it('burns once, also for a result that comes later: T4 + T3s', async () => {
    const counts = async (end: 'retryable' | 'not_sent' | 'throttled' | 'permanent') => {
      const { id } = await add({ state: 'sending', leaseUntil: ago(1), burned: 3, notSent: 2 });
      await world.reaper.reap();
      await world.newSettlements().settle(aSettlement({ messageId: id, attemptNo: 1, fence: 1n }, end));
      const { burned, notSent } = await world.message(id);
      return [burned, notSent];
    };
    expect(await counts('retryable')).toEqual([4, 0]);
    expect(await counts('permanent')).toEqual([4, 0]);
    expect(await counts('not_sent')).toEqual([3, 3]);
    expect(await counts('throttled')).toEqual([3, 0]);
  });
});

describe('the sweeper (T9)', () => {
  it('ends what waited beyond its time, also while it is held or scheduled', async () => {
    await aSender(world.database, { phoneNumberId: '800000000000009' });
    await world.run(`INSERT INTO hold (scope, scope_id, reason) VALUES ('sender', '800000000000009', 'r')`);
    const messages = [
      await add({ expiresAt: ago(1) }),
      await add({ expiresAt: ago(1), nextAttemptAt: new Date(Date.now() + 60_000), fedAt: new Date() }),
      await add({ expiresAt: ago(1), phoneNumberId: '800000000000009', attempts: [{ state: 'throttled' }] }),
    ];
    await world.sweeper.sweep();
    for (const { id } of messages) {
      expect(await world.message(id)).toMatchObject({
        state: 'expired',
        reason: 'expired',
        nextAttemptAt: null,
        fedAt: null,
      });
      expect(await world.events(id)).toEqual([
        { type: 'message.expired', payload: { by: 'sweeper', reason: 'expired' } },
      ]);
    }
  });

  it('ends it unknown when an earlier attempt may have gone through', async () => {
    const { id } = await add({ expiresAt: ago(1), fence: 3n, attempts: [{ state: 'abandoned' }] });
    await world.sweeper.sweep();
    expect(await world.message(id)).toMatchObject({ state: 'unknown', reason: 'earlier_attempt_unproven' });
    expect(await world.events(id)).toMatchObject([{ type: 'message.unknown' }]);
  });

  it.each(['sending', 'uncertain', 'accepted', 'failed', 'cancelled', 'unknown'])(
    'leaves one that is %s',
    async (state) => {
      const { id } = await add({ state, expiresAt: ago(1) });
      await world.sweeper.sweep();
      expect(await world.message(id)).toMatchObject({ state });
    },
  );

  it('goes on until nothing is left, two at once, each message once', async () => {
    await Promise.all(Array.from({ length: 1_010 }, () => add({ expiresAt: ago(1) })));
    await Promise.all([world.sweeper.sweep(), world.sweeper.sweep()]);
    expect(await world.database.prisma.message.count({ where: { state: 'expired' } })).toBe(1_010);
    expect(await world.database.prisma.event.count({ where: { type: 'message.expired' } })).toBe(1_010);
  });
});

describe('the feeder', () => {
  const LANE = { one: '800000000000011', other: '800000000000012' };
  const CLIENT = { shop: randomUUID(), bank: randomUUID(), inn: randomUUID() };
  beforeAll(async () => {
    for (const [i, phoneNumberId] of Object.values(LANE).entries())
      await aSender(world.database, { phoneNumberId, wabaId: `90000000000001${i}` });
  });
  const due = (overrides?: MessageOverrides) => add({ phoneNumberId: LANE.one, ...overrides });
  const ROUND = { shares: [0.5, 0.3, 0.2], rooms: [100, 100, 100], refeedAfterMs: 60_000 };
  const lanes = (window = 100) => Object.values(LANE).map((phoneNumberId) => ({ phoneNumberId, window }));
  const feedRows = ({ window, ...round }: Partial<typeof ROUND> & { window?: number } = {}) =>
    feedDueMessages(world.database, { lanes: lanes(window), ...ROUND, ...round });
  const feed = async (round?: Parameters<typeof feedRows>[0]) =>
    (await feedRows(round)).map(({ messageId }) => messageId);

  it('feeds a message once, and again when nobody claimed it for a minute', async () => {
    const { id } = await due();
    expect(await feedRows()).toEqual([{ messageId: id, fence: '0', phoneNumberId: LANE.one, priority: 1 }]);
    expect(await feed()).toEqual([]);
    await world.run(`UPDATE message SET fed_at = now() - interval '61 seconds' WHERE id = $1`, id);
    expect(await feed()).toEqual([id]);
  });

  it('feeds one of two feeders at once', async () => {
    await Promise.all(Array.from({ length: 40 }, () => due()));
    const fed = await Promise.all([feed(), feed(), feed()]);
    expect(fed.flat()).toHaveLength(40);
    expect(new Set(fed.flat()).size).toBe(40);
  });

  it.each<[string, MessageOverrides]>([
    ['not due', { nextAttemptAt: new Date(Date.now() + 60_000) }],
    ['expired', { expiresAt: ago(1) }],
    ['sending', { state: 'sending' }],
    ['accepted', { state: 'accepted' }],
  ])('leaves what is %s', async (_name, overrides) => {
    await due({ ...overrides });
    expect(await feed()).toEqual([]);
  });

  it('takes the longest due first, of each priority as much as its queues have room for', async () => {
    const [late, early] = [
      await due({ nextAttemptAt: ago(1_000), priority: 2, clientId: CLIENT.shop }),
      await due({ nextAttemptAt: ago(9_000), priority: 2, clientId: CLIENT.shop }),
    ];
    const urgent = await due({ priority: 0 });
    expect(await feed({ rooms: [0, 100, 1] })).toEqual([early.id]);
    expect((await feedRows()).map(({ messageId, priority }) => [priority, messageId]).sort()).toEqual([
      [0, urgent.id],
      [2, late.id],
    ]);
  });

  it('lets no long lane hide a short one, and feeds no more than there is room for', async () => {
    await Promise.all(Array.from({ length: 30 }, () => due({ nextAttemptAt: ago(60_000) })));
    const short = await Promise.all(
      Array.from({ length: 3 }, () => due({ phoneNumberId: LANE.other, nextAttemptAt: ago(1_000) })),
    );
    const fed = await feed({ rooms: [10, 10, 10] });
    expect(fed).toHaveLength(10);
    expect(fed).toEqual(expect.arrayContaining(short.map(({ id }) => id)));
  });

  it('feeds a lane what its pace can use, and what was fed and not claimed counts', async () => {
    await Promise.all(Array.from({ length: 30 }, () => due({ clientId: CLIENT.shop })));
    const fed = await feed({ window: 8 });
    expect(fed).toHaveLength(8);
    expect(await feed({ window: 8 })).toEqual([]);
    await world.newClaims().claim(fed.slice(0, 3));
    expect(await feed({ window: 8 })).toHaveLength(3);
  });

  it('lets the clients of a lane take turns, however much one of them has', async () => {
    await Promise.all(Array.from({ length: 30 }, () => due({ clientId: CLIENT.shop, nextAttemptAt: ago(60_000) })));
    const bank = await Promise.all(Array.from({ length: 4 }, () => due({ clientId: CLIENT.bank })));
    const fed = await feed({ window: 9 });
    expect(fed).toHaveLength(9);
    expect(fed.slice(0, 8)).toEqual(expect.arrayContaining(bank.map(({ id }) => id)));
    await Promise.all(Array.from({ length: 4 }, () => due({ clientId: CLIENT.inn })));
    expect(await feed({ window: 9 })).toHaveLength(3); // those that came later, too, are in the first nine by turns
  });

  it.each([
    [9, [30, 1, 1], [7, 1, 1]],
    [9, [30, 5, 1], [4, 4, 1]],
    [10, [30, 30, 2], [4, 4, 2]],
    [9, [3, 2, 1], [3, 2, 1]],
  ])('gives what some clients do not need of a window of %i to those that have more', async (window, have, get) => {
    const clients = Object.values(CLIENT);
    await Promise.all(
      clients.flatMap((clientId, i) =>
        Array.from({ length: have[i] ?? 0 }, () => due({ clientId, nextAttemptAt: ago(1_000) })),
      ),
    );
    const fed = await feed({ window });
    const rows = await world.database.prisma.message.findMany({ where: { id: { in: fed } } });
    expect(clients.map((id) => rows.filter(({ clientId }) => clientId === id).length)).toEqual(get);
  });

  it('shares the window of a lane between the priorities that wait, and gives it whole to one that waits alone', async () => {
    await Promise.all([0, 1, 2].flatMap((priority) => Array.from({ length: 30 }, () => due({ priority }))));
    await Promise.all(Array.from({ length: 30 }, () => due({ phoneNumberId: LANE.other, priority: 2 })));
    const rows = await feedRows({ window: 20 });
    const count = (phoneNumberId: string, priority: number) =>
      rows.filter((row) => row.phoneNumberId === phoneNumberId && row.priority === priority).length;
    expect([0, 1, 2].map((priority) => count(LANE.one, priority))).toEqual([10, 6, 4]);
    expect([0, 1, 2].map((priority) => count(LANE.other, priority))).toEqual([0, 0, 20]);
  });

  it('forgets what it fed: some, or all', async () => {
    const [one, two, three] = [await due(), await due(), await due()];
    await feed();
    expect(await unfeed(world.database, [one.id])).toBe(1);
    expect(await feed()).toEqual([one.id]);
    expect(await unfeed(world.database, null)).toBe(3);
    expect((await feed()).sort()).toEqual([one.id, two.id, three.id].sort());
  });

  /** The service, and a queue of which the test says how full it is and whether it can be reached. */
  function setup({ waiting = 0, isDown = false, isLost = false } = {}) {
    const jobs: { queue: string; job: { messageIds: string[] } }[] = [];
    const wake = async (entries: typeof jobs) =>
      isDown ? Promise.reject(new Error('no queue')) : void jobs.push(...entries);
    const service = new FeederService(
      world.database,
      { wake } as unknown as ConstructorParameters<typeof FeederService>[1],
      { fresh: () => Promise.resolve(waiting) } as unknown as ConstructorParameters<typeof FeederService>[2],
      { changed: () => Promise.resolve(isLost) } as unknown as ConstructorParameters<typeof FeederService>[3],
      world.environment,
      world.logger,
    );
    return { service, jobs };
  }

  it('passes over a lane that is held', async () => {
    await due();
    const free = await due({ phoneNumberId: LANE.other });
    await world.run(`INSERT INTO hold (scope, scope_id, reason) VALUES ('sender', $1, 'r')`, LANE.one);
    const { service, jobs } = setup();
    expect(await service.feed()).toBe(1);
    expect(jobs).toMatchObject([{ job: { messageIds: [free.id] } }]);
  });

  it.each([
    ['two seconds of its pace', 80, 140],
    ['the same of a number that is in the app too', 20, 34],
  ])('feeds a lane %s', async (_name, limit, window) => {
    await world.run('UPDATE sender SET throughput_limit = $1', limit);
    await world.run(
      `INSERT INTO message (id, client_id, phone_number_id, recipient, type, priority, policy, expires_at)
       SELECT gen_random_uuid(), $2::uuid, $1, (15550100100 + i)::text, 'text', 2, 'at_least_once', now() + interval '1 hour' FROM generate_series(1, 200) i`,
      LANE.one,
      CLIENT.shop,
    );
    expect(await setup().service.feed()).toBe(window);
    await world.run('UPDATE sender SET throughput_limit = 80');
  });

  it.each([
    ['', 0, 112],
    [', and less still after the third in a row', 2, 71],
  ])('feeds less of a lane that a limit has just held back%s', async (_name, step, count) => {
    await world.run(
      `INSERT INTO message (id, client_id, phone_number_id, recipient, type, priority, policy, expires_at)
       SELECT gen_random_uuid(), $2::uuid, $1, (15550100100 + i)::text, 'text', 2, 'at_least_once', now() + interval '1 hour' FROM generate_series(1, 200) i`,
      LANE.one,
      CLIENT.shop,
    );
    await world.run(
      `INSERT INTO hold (scope, scope_id, reason, until, step) VALUES ('sender', $1, 'r', now() - interval '1 second', $2::int)`,
      LANE.one,
      step,
    );
    expect(await setup().service.feed()).toBe(count);
  });

  it('puts messages of one lane and priority into a job, 50 at most', async () => {
    await Promise.all(Array.from({ length: 60 }, () => due()));
    await due({ phoneNumberId: LANE.other });
    await due({ phoneNumberId: LANE.other, priority: 0 });
    const { service, jobs } = setup();
    expect(await service.feed()).toBe(62);
    expect(jobs.map(({ queue, job }) => [queue, job.messageIds.length]).sort()).toEqual([
      ['send.standard.0', 1],
      ['send.standard.0', 10],
      ['send.standard.0', 50],
      ['send.urgent.0', 1],
    ]);
  });

  it.each([
    ['is full', { waiting: 100 }],
    ['cannot say how full it is', { waiting: Infinity }],
  ])('leaves everything in Postgres while the queue %s', async (_name, queue) => {
    await due();
    expect(await setup(queue).service.feed()).toBe(0);
    expect(await feed()).toHaveLength(1);
  });

  it('forgets that it fed what the queue did not take', async () => {
    const { id } = await due();
    await setup({ isDown: true }).service.feed();
    expect(await world.message(id)).toMatchObject({ state: 'queued', fedAt: null });
  });

  it('feeds again what the queue lost', async () => {
    const { id } = await due();
    await setup().service.feed();
    const { service, jobs } = setup({ isLost: true });
    await service.feed();
    expect(jobs).toMatchObject([{ job: { messageIds: [id] } }]);
  });
});
