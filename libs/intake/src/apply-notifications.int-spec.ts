import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { listFixtures, readFixture } from '#graph-api';
import { aMessage, type MessageOverrides } from '#testing';
import { aDelivery, anInbound, aStatus, type IntakeWorld, openIntakeWorld } from './specs/intake-world.js';
import { claimNotifications } from './queries/claim-notifications.query.js';

let world: IntakeWorld;
beforeAll(async () => {
  world = await openIntakeWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.clear());

const apply = () => world.newIntake().apply();
const add = (overrides?: MessageOverrides) => aMessage(world.database, overrides);
const statusesOf = (messageId: string) => world.database.prisma.statusEvent.count({ where: { messageId } });

/** The bodies of a fixture file: most are one delivery, one is a sequence, one holds signed ones. */
function bodiesOf(file: string): unknown[] {
  const parsed = JSON.parse(readFixture('webhooks', file)) as { deliveries?: unknown[] } | { raw_body: string }[];
  if (Array.isArray(parsed)) return parsed.map(({ raw_body }) => raw_body);
  return parsed.deliveries ?? [parsed];
}

describe('every recorded delivery', () => {
  /** A day after the fixtures were recorded: later they would be too old. */
  const receivedAt = new Date(1_790_856_000_000 + 86_400_000);
  it.each(listFixtures('webhooks'))('%s: nothing dies, and again changes nothing', async (file) => {
    const ids: string[] = [];
    for (const body of bodiesOf(file)) ids.push(await world.store(body, receivedAt));
    expect(await apply()).toBe(ids.length);
    const once = await world.dump();
    expect([once['inbox_work'], once['inbox_dead_item'], once['alert']]).toEqual([[], [], []]);
    for (const id of ids) await world.waitAgain(id);
    await apply();
    const { inbox_unhandled: _counted, ...twice } = await world.dump();
    const { inbox_unhandled: _countedOnce, ...before } = once;
    expect(twice).toEqual(before);
  });

  it('leaves something behind: statuses as orphans, messages, or a count', async () => {
    for (const file of listFixtures('webhooks')) for (const body of bodiesOf(file)) await world.store(body, receivedAt);
    await apply();
    const rows = await world.dump();
    expect(rows['orphan_status']!.length).toBeGreaterThan(20);
    expect(rows['inbound_message']!.length).toBeGreaterThan(20);
    expect(rows['inbox_unhandled']!.length).toBeGreaterThan(5);
  });
});

describe('a status', () => {
  const OF_STATE: [string, MessageOverrides][] = [
    ['sending', { state: 'sending' }],
    ['uncertain', { state: 'uncertain', fence: 2n }],
    ['queued', { state: 'queued', nextAttemptAt: new Date(), fence: 3n, attempts: [{ state: 'abandoned' }] }],
    [
      'queued after an error',
      { state: 'queued', nextAttemptAt: new Date(), attempts: [{ state: 'rejected_retryable' }] },
    ],
    ['unknown', { state: 'unknown', fence: 2n }],
    ['failed', { state: 'failed' }],
    ['expired', { state: 'expired', fence: 3n, attempts: [{ state: 'abandoned' }] }],
  ];
  it.each(
    OF_STATE.flatMap(([name, overrides]) => ['sent', 'failed'].map((status) => [status, name, overrides] as const)),
  )('%s that names the attempt of a message that is %s settles it', async (status, _name, overrides) => {
    const { id, fence } = await add(overrides);
    const errors = status === 'failed' ? [{ code: 131026, title: 'Undeliverable' }] : undefined;
    await world.store(aDelivery({ statuses: [aStatus({ wamid: 'wamid.a', status, opaque: `a1.${id}.1`, errors })] }));
    await apply();
    expect(await world.message(id)).toMatchObject({
      state: 'accepted',
      reason: 'proved_by_status',
      fence: fence + 1n,
      waRank: status === 'failed' ? 3 : 2,
      waErrorCode: status === 'failed' ? 131026 : null,
    });
    expect(await world.database.prisma.attempt.findFirst({ where: { messageId: id } })).toMatchObject({
      wamid: 'wamid.a',
    });
    const events = await world.database.prisma.event.findMany({ where: { messageId: id }, select: { type: true } });
    expect(events.map(({ type }) => type).sort()).toEqual(['message.accepted', `message.${status}`].sort());
  });

  it('of ours, applied again, changes nothing, not even the time of the last change', async () => {
    const [sent, failed] = [await add({ state: 'sending' }), await add({ state: 'unknown', fence: 2n })];
    const inboxId = await world.store(
      aDelivery({
        statuses: [
          aStatus({ wamid: 'wamid.1', status: 'sent', opaque: `a1.${sent.id}.1` }),
          aStatus({ wamid: 'wamid.1', status: 'read' }),
          aStatus({
            wamid: 'wamid.2',
            status: 'failed',
            opaque: `a1.${failed.id}.1`,
            errors: [{ code: 131026, title: 'x' }],
          }),
        ],
        messages: [anInbound('wamid.in')],
      }),
    );
    await apply();
    const once = await world.dump();
    for (let again = 0; again < 2; again += 1) {
      await world.waitAgain(inboxId);
      await apply();
      expect(await world.dump()).toEqual(once);
    }
  });

  it('of ours is told to the resolver: the channel has come so far', async () => {
    await world.run('TRUNCATE status_channel');
    const startedAt = new Date(Date.now() - 5_000);
    await add({ state: 'accepted', attempts: [{ state: 'accepted', wamid: 'wamid.e', startedAt }] });
    await world.store(aDelivery({ statuses: [aStatus({ wamid: 'wamid.e', status: 'read' })] }));
    await apply();
    const channel = await world.database.prisma.statusChannel.findUnique({ where: { appId: 'default' } });
    expect(channel?.recentStartedAt).toEqual(startedAt);
  });

  it('that names only the wamid finds its attempt', async () => {
    const { id } = await add({ state: 'accepted', attempts: [{ state: 'accepted', wamid: 'wamid.b' }] });
    await world.store(aDelivery({ statuses: [aStatus({ wamid: 'wamid.b', status: 'read' })] }));
    await apply();
    expect(await world.message(id)).toMatchObject({ waRank: 5 });
    expect(await world.database.prisma.orphanStatus.count()).toBe(0);
  });

  it.each([
    [
      'a user id',
      'status_delivered_bsuid_username.json',
      { recipientKind: 'user', recipient: 'US.90000000000000000002' },
      1,
    ],
    ['each member of a group', 'status_group_delivered.json', { recipientKind: 'group', recipient: 'Y2FwaV9n' }, 2],
  ])('of %s finds its message', async (_whom, file, recipient, count) => {
    const delivery = readFixture('webhooks', file);
    const wamid = /"wamid\.[^"]+/.exec(delivery)?.[0].slice(1) ?? '';
    const { id } = await aMessage(world.database, {
      ...recipient,
      state: 'accepted',
      attempts: [{ state: 'accepted', wamid }],
    });
    await world.store(delivery, new Date(1_790_856_100_000));
    await world.newIntake().apply();
    expect(await world.message(id)).toMatchObject({ state: 'accepted', waRank: 4 });
    expect(await world.run('SELECT recipient FROM status_event WHERE message_id = $1', id)).toHaveLength(count);
  });

  it('without our name finds its message through one that has it: in one delivery, and later', async () => {
    const [one, other] = [await add({ state: 'sending' }), await add({ state: 'sending' })];
    await world.store(
      aDelivery({
        statuses: [
          aStatus({ wamid: 'wamid.c', status: 'read' }),
          aStatus({ wamid: 'wamid.c', status: 'sent', opaque: `a1.${one.id}.1` }),
        ],
      }),
    );
    await world.store(aDelivery({ statuses: [aStatus({ wamid: 'wamid.d', status: 'read' })] }));
    await apply();
    expect(await world.database.prisma.orphanStatus.count()).toBe(1);
    await world.store(
      aDelivery({ statuses: [aStatus({ wamid: 'wamid.d', status: 'sent', opaque: `a1.${other.id}.1` })] }),
    );
    await apply();
    for (const { id } of [one, other]) expect(await world.message(id)).toMatchObject({ state: 'accepted', waRank: 5 });
    expect(await world.database.prisma.orphanStatus.count()).toBe(0);
  });

  it.each([
    ['of the client’s own', 'order-7'],
    ['like ours, of a message we do not have', `a1.${randomUUID()}.1`],
    ['like ours, cut', 'a1.x.1'],
  ])('with an opaque value %s is foreign: kept as an orphan, once', async (_name, opaque) => {
    const delivery = aDelivery({ statuses: [aStatus({ wamid: 'wamid.foreign', opaque, ts: 1_900_000_000 })] });
    await world.store(delivery);
    await world.store(delivery);
    await apply();
    expect(await world.database.prisma.orphanStatus.findMany()).toMatchObject([
      { wamid: 'wamid.foreign', status: 'delivered' },
    ]);
    expect(await world.database.prisma.event.count()).toBe(0);
  });

  it('of an attempt number that the message never had is foreign', async () => {
    const { id } = await add({ state: 'sending' });
    await world.store(aDelivery({ statuses: [aStatus({ wamid: 'wamid.e', opaque: `a1.${id}.2` })] }));
    await apply();
    expect(await world.message(id)).toMatchObject({ state: 'sending', waRank: 0 });
    expect(await world.database.prisma.orphanStatus.count()).toBe(1);
  });

  it.each([
    ['a sender that is not ours', { phoneNumberId: '800000000000404', wabaId: '900000000000001' }, 'unknown_sender', 0],
    [
      'our sender in another account',
      { phoneNumberId: '800000000000001', wabaId: '900000000000404' },
      'unknown_sender',
      0,
    ],
    ['31 days ago', undefined, 'too_old', 31],
  ])('of %s has no effect and is counted', async (_name, place, kind, daysAgo) => {
    const { id } = await add({ state: 'sending' });
    const ts = Math.floor(Date.now() / 1_000) - daysAgo * 86_400;
    await world.store(aDelivery({ statuses: [aStatus({ wamid: 'wamid.f', opaque: `a1.${id}.1`, ts })] }, place));
    await apply();
    expect(await world.message(id)).toMatchObject({ state: 'sending' });
    expect(await world.database.prisma.inboxUnhandled.findMany()).toMatchObject([
      { field: 'messages', kind, count: 1n },
    ]);
  });
});

describe('an inbound message', () => {
  it('is stored once, however often it comes', async () => {
    const twice = aDelivery({
      messages: [anInbound('wamid.in'), anInbound('wamid.in')],
      contacts: [{ profile: { name: 'Ana' }, wa_id: '15550100101' }],
    });
    await world.store(twice);
    await world.store(twice);
    await apply();
    expect(await world.database.prisma.inboundMessage.findMany()).toMatchObject([
      {
        wamid: 'wamid.in',
        contact: '15550100101',
        type: 'text',
        profileName: 'Ana',
        content: { text: { body: 'Hello' } },
      },
    ]);
  });

  it.each([[[0, 1]], [[1, 0]]])('without a time is as it came first, whichever is applied first: %j', async (order) => {
    const deliveries = [2, 1].map((hours) => ({
      receivedAt: new Date(Math.floor(Date.now() / 1_000) * 1_000 - hours * 3_600_000),
      body: aDelivery({ messages: [{ ...anInbound('wamid.in', `${hours}`), timestamp: undefined }] }),
    }));
    for (const n of order) {
      await world.store(deliveries[n]!.body, deliveries[n]!.receivedAt);
      await apply();
    }
    const [first] = deliveries.map(({ receivedAt }) => receivedAt);
    expect(await world.database.prisma.inboundMessage.findMany()).toMatchObject([
      { ts: first, content: { text: { body: '2' } } },
    ]);
    expect(await world.run('SELECT opened_at, last_heard_at FROM conversation')).toEqual([
      { opened_at: first, last_heard_at: first },
    ]);
  });

  it('names the message that it is about', async () => {
    const target = readFixture('webhooks', 'message_reaction.json').match(/"message_id": "(.+)"/)?.[1];
    await world.store(readFixture('webhooks', 'message_reaction.json'), new Date(1_790_856_100_000));
    await apply();
    expect(target).toMatch(/^wamid\./);
    expect(await world.database.prisma.inboundMessage.findMany()).toMatchObject([{ targetWamid: target }]);
  });

  it('from the future counts as of a minute ahead', async () => {
    await world.store(aDelivery({ messages: [{ ...anInbound('wamid.in'), timestamp: '4000000000' }] }));
    await apply();
    const { ts, receivedAt } = await world.database.prisma.inboundMessage.findFirstOrThrow();
    expect(ts.getTime()).toBe((Math.floor(receivedAt.getTime() / 1_000) + 60) * 1_000);
    expect(await world.run('SELECT field, kind, count::int FROM inbox_unhandled')).toEqual([
      { field: 'messages', kind: 'time_ahead', count: 1 },
    ]);
  });

  it('with NUL characters and lone surrogates is stored without them', async () => {
    const raw = JSON.stringify(aDelivery({ messages: [anInbound('wamid.odd', 'a\u0000b\ud800c')] }));
    expect(raw).toContain('\\u0000');
    await world.store(raw);
    await apply();
    expect(await world.database.prisma.inboundMessage.findFirst()).toMatchObject({
      content: { text: { body: 'ab\ufffdc' } },
    });
  });
});

describe('a notification that Postgres refuses', () => {
  /** Refuses any inbound message whose wamid says so, as a rule that nobody thought of would. */
  beforeAll(async () => {
    await world.run(`CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.wamid LIKE '%poison%' THEN RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$`);
    await world.run('CREATE TRIGGER poison BEFORE INSERT ON inbound_message FOR EACH ROW EXECUTE FUNCTION poison()');
  });
  const work = (inboxId: string) => world.database.prisma.inboxWork.findUnique({ where: { inboxId } });
  /** As if its wait were over. */
  const makeDue = () =>
    world.run(`UPDATE inbox_work SET next_try_at = now() - interval '1 second' WHERE state = 'received'`);

  it('in one of 64 items: the others are applied, it is tried five times and dies with an alert', async () => {
    const { id } = await add({ state: 'sending' });
    const messages = Array.from({ length: 62 }, (_, i) => anInbound(i === 30 ? 'wamid.poison' : `wamid.${i}`));
    const statuses = [aStatus({ wamid: 'wamid.out', opaque: `a1.${id}.1` })];
    const delivery = aDelivery({ messages, statuses, errors: [{ code: 1, title: 'x' }] });
    const inboxId = await world.store(delivery);
    for (let tries = 1; tries <= 4; tries += 1) {
      expect(await apply()).toBe(1);
      const row = await work(inboxId);
      expect(row).toMatchObject({ state: 'received', tries, leaseUntil: null });
      expect(row!.nextTryAt.getTime() - Date.now()).toBeLessThanOrEqual(1_000 * 2 ** tries);
      expect(await world.database.prisma.inboundMessage.count()).toBe(61);
      expect(await statusesOf(id)).toBe(1);
      expect(await world.database.prisma.inboxDeadItem.count()).toBe(0);
      await makeDue();
    }
    await apply();
    expect(await work(inboxId)).toMatchObject({ state: 'dead', tries: 5 });
    expect(await world.database.prisma.inboxDeadItem.findMany()).toMatchObject([
      { inboxId, idx: 30, reason: expect.stringContaining('no') as unknown },
    ]);
    expect(await world.database.prisma.alert.findMany()).toMatchObject([
      { kind: 'notification_item_dead', scope: 'inbox', scopeId: inboxId, closedAt: null },
    ]);
    expect(await world.database.prisma.inboxUnhandled.findMany()).toMatchObject([{ kind: 'account_error', count: 1n }]);
    await makeDue();
    expect(await apply()).toBe(0);
  });

  it('waits with full jitter', async () => {
    const ids = await Promise.all(
      Array.from({ length: 12 }, (_, i) => world.store(aDelivery({ messages: [anInbound(`wamid.poison.${i}`)] }))),
    );
    await apply();
    const rows = await Promise.all(ids.map((id) => work(id)));
    expect(new Set(rows.map((row) => row?.nextTryAt.getTime())).size).toBeGreaterThan(6);
  });

  it('keeps no other notification of its batch back', async () => {
    for (let i = 0; i < 20; i += 1)
      await world.store(aDelivery({ messages: [anInbound(i === 7 ? 'wamid.poison' : `wamid.${i}`)] }));
    await apply();
    expect(await world.database.prisma.inboundMessage.count()).toBe(19);
    expect(await world.database.prisma.inboxWork.count()).toBe(1);
  });

  it('once and no longer is applied the next time', async () => {
    const inboxId = await world.store(aDelivery({ messages: [anInbound('wamid.poison')] }));
    await apply();
    await world.run('ALTER TABLE inbound_message DISABLE TRIGGER poison');
    await makeDue();
    await apply();
    await world.run('ALTER TABLE inbound_message ENABLE TRIGGER poison');
    expect([await work(inboxId), await world.database.prisma.inboundMessage.count()]).toEqual([null, 1]);
  });

  it('because it takes too long is its own fault, not an outage', async () => {
    await world.run(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.wamid LIKE '%slow%' THEN RAISE EXCEPTION 'canceling statement due to statement timeout' USING ERRCODE = '57014'; END IF; RETURN NEW; END $$`);
    await world.run('CREATE TRIGGER slow BEFORE INSERT ON inbound_message FOR EACH ROW EXECUTE FUNCTION slow()');
    await world.store(aDelivery({ messages: [anInbound('wamid.slow')] }));
    await world.store(aDelivery({ messages: [anInbound('wamid.fine')] }));
    await apply();
    await world.run('DROP TRIGGER slow ON inbound_message');
    expect(await world.database.prisma.inboundMessage.findMany()).toMatchObject([{ wamid: 'wamid.fine' }]);
  });
});

it('a notification that came just now is claimed at once, also when its time was rounded up', async () => {
  await world.store(aDelivery({ messages: [anInbound('wamid.in')] }));
  const claimed = async () =>
    world.database.transaction(async (tx) => {
      const [row] = await tx.query<{ isAhead: boolean }>(
        { name: '', sql: 'UPDATE inbox_work SET next_try_at = now() RETURNING next_try_at > now() AS "isAhead"' },
        [],
      );
      return row?.isAhead ? claimNotifications(tx, { limit: 1, leaseMs: 1_000, maxBytes: 1_000_000 }) : null;
    });
  let found = await claimed();
  while (found === null) found = await claimed();
  expect(found).toHaveLength(1);
});

describe('several appliers', () => {
  it('at once apply each notification once, also many of the same messages', async () => {
    const messages = await Promise.all(
      Array.from({ length: 6 }, (_, i) => add({ state: i % 2 ? 'sending' : 'uncertain', fence: 2n })),
    );
    // Not in the future: that would count as the second in which each came.
    const ts = Math.floor(Date.now() / 1_000) - 60;
    for (let round = 0; round < 40; round += 1) {
      const order = round % 2 ? messages : messages.toReversed();
      const status = ['sent', 'delivered', 'read', 'failed'][round % 4]!;
      await world.store(
        aDelivery({
          statuses: order.map(({ id }) =>
            aStatus({ wamid: `wamid.${id}`, status, opaque: `a1.${id}.1`, ts: ts + (round % 4) }),
          ),
        }),
      );
    }
    const applied = await Promise.all(Array.from({ length: 4 }, () => apply()));
    expect(applied.reduce((sum, count) => sum + count, 0)).toBe(40);
    for (const { id } of messages) {
      expect(await world.message(id)).toMatchObject({ state: 'accepted', waRank: 5, fence: 3n });
      expect(await statusesOf(id)).toBe(4);
      expect(await world.database.prisma.event.count({ where: { messageId: id } })).toBe(5);
    }
    expect(await world.database.prisma.inboxWork.count()).toBe(0);
  });

  it('take over from one that was never heard of again, and from no other', async () => {
    const [dead, alive] = [
      await world.store(aDelivery({ messages: [anInbound('wamid.1')] })),
      await world.store(aDelivery({ messages: [anInbound('wamid.2')] })),
    ];
    await world.run(
      `UPDATE inbox_work SET state = 'processing', lease_until = now() + CASE WHEN inbox_id = $1 THEN interval '-1 second' ELSE interval '1 minute' END`,
      dead,
    );
    expect(await apply()).toBe(1);
    expect(await world.database.prisma.inboundMessage.findMany()).toMatchObject([{ wamid: 'wamid.1' }]);
    expect(await world.database.prisma.inboxWork.findMany()).toMatchObject([{ inboxId: alive, state: 'processing' }]);
  });

  it('that hold the same notification, one lease over, apply it once', async () => {
    await world.store(aDelivery({ errors: [{ code: 131000, title: 'x' }] }));
    const held = Promise.withResolvers<void>();
    const claimed = Promise.withResolvers<void>();
    const slowly = async (work: Parameters<typeof world.database.transaction>[0]) => {
      claimed.resolve();
      await held.promise;
      return world.database.transaction(work);
    };
    const slow = world.newIntake(
      Object.create(world.database, { transaction: { value: slowly } }) as typeof world.database,
    );
    const first = slow.apply();
    await claimed.promise;
    await world.run(`UPDATE inbox_work SET lease_until = now() - interval '1 second'`);
    expect(await apply()).toBe(1);
    held.resolve();
    await first;
    expect(await world.database.prisma.inboxUnhandled.findMany()).toMatchObject([{ kind: 'account_error', count: 1n }]);
  });
});

describe('batches under way', () => {
  /** The world's database, which notes when each transaction begins. */
  const noting = () => {
    const begins: number[] = [];
    const database = Object.create(world.database, {
      transaction: {
        value: (work: Parameters<typeof world.database.transaction>[0]) => {
          begins.push(performance.now());
          return world.database.transaction(work);
        },
      },
    }) as typeof world.database;
    return { begins, database };
  };
  const store = (wamid: string) => world.store(aDelivery({ messages: [anInbound(wamid)] }));
  const waiting = () => world.database.prisma.inboxWork.count();
  const untilNoneWaits = async () => {
    while ((await waiting()) > 0) await sleep(10);
  };

  it('come so far apart that what arrives meanwhile shares the next one', async () => {
    const { begins, database } = noting();
    await store('wamid.1');
    const applied = world.newIntake(database).apply({ everyMs: 1_500 });
    await untilNoneWaits();
    await store('wamid.2');
    await sleep(100);
    await store('wamid.3');
    expect(await waiting()).toBe(2);
    expect(await applied).toBe(3);
    expect(begins).toHaveLength(2);
  });

  it('follow at once where more waits than one of them holds', async () => {
    const { begins, database } = noting();
    await Promise.all(Array.from({ length: 201 }, (_, i) => store(`wamid.${i}`)));
    expect(await world.newIntake(database).apply({ everyMs: 1_500 })).toBe(201);
    const [first = 0, second = Infinity] = begins;
    expect(begins).toHaveLength(2);
    expect(second - first).toBeLessThan(1_500);
  });
});
