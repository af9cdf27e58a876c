import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { aMessage, aSender, type MessageOverrides } from '#testing';
import { proveAccepted } from './prove-accepted.js';
import { type DeliveryWorld, openDeliveryWorld } from './specs/delivery-world.js';

const MINUTE = 60_000;
const GRACE = 2 * MINUTE;

let world: DeliveryWorld;
beforeAll(async () => {
  world = await openDeliveryWorld();
  await aSender(world.database);
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.run('TRUNCATE message, message_content, attempt, event, status_channel, inbox, inbox_work');
});

const ago = (ms: number) => new Date(Date.now() - ms);

/** A message that has been uncertain for so long; grace is two minutes. */
const anUncertain = (forMs: number, { http2xx = false, ...overrides }: MessageOverrides & { http2xx?: boolean } = {}) =>
  aMessage(world.database, {
    state: 'uncertain',
    burned: 1,
    attempts: [
      {
        state: 'uncertain',
        startedAt: ago(forMs + 1_000),
        uncertainSince: ago(forMs),
        resolveAfter: ago(forMs - GRACE),
        http2xx,
      },
    ],
    ...overrides,
  });

/** A status that was applied so long ago, of another message's attempt that started so long ago. */
async function hearStatus({ startedAgoMs, appliedAgoMs }: { startedAgoMs: number; appliedAgoMs: number }) {
  const { id } = await aMessage(world.database, {
    state: 'accepted',
    attempts: [{ state: 'accepted', startedAt: ago(startedAgoMs) }],
  });
  await world.channel.noteStatuses([{ messageId: id, attemptNo: 1 }]);
  await world.run(`UPDATE status_channel SET recent_at = $1`, ago(appliedAgoMs));
}

async function leaveUnapplied(receivedAgoMs: number, state = 'received') {
  const id = uuidv7();
  await world.run(`INSERT INTO inbox (id, raw, sha256) VALUES ($1, $2, $3)`, id, randomBytes(4), randomBytes(32));
  await world.run(
    `INSERT INTO inbox_work (inbox_id, received_at, state) VALUES ($1, $2, $3)`,
    id,
    ago(receivedAgoMs),
    state,
  );
}

const state = async (id: string) => (await world.message(id)).state;

describe('the resolver, when evidence would be known by now', () => {
  beforeEach(async () => {
    await hearStatus({ startedAgoMs: MINUTE, appliedAgoMs: 31_000 });
    await world.channel.publishInbox();
  });

  it('sends an at_least_once message again (T6)', async () => {
    const { id } = await anUncertain(3 * MINUTE);
    expect(await world.resolver.resolve()).toBe(1);
    expect(await world.message(id)).toMatchObject({
      state: 'queued',
      reason: 'resent_unproven',
      fence: 2n,
      burned: 1,
      nextAttemptAt: expect.any(Date),
    });
    expect((await world.attempts(id)).map((attempt) => attempt.state)).toEqual(['abandoned']);
    expect(await world.events(id)).toEqual([
      {
        type: 'message.queued',
        payload: { by: 'resolver', reason: 'resent_unproven', attempt: 1, until: expect.any(String) },
      },
    ]);
  });

  it.each<[string, MessageOverrides & { http2xx?: boolean }]>([
    ['at_most_once', { policy: 'at_most_once' }],
    ['a 2xx line came', { http2xx: true }],
    ['its time is over', { expiresAt: ago(1_000) }],
    ['its attempts are used up', { burned: 8 }],
  ])('never sends it again when %s (T7)', async (_name, change) => {
    const { id } = await anUncertain(3 * MINUTE, change);
    expect(await world.resolver.resolve()).toBe(1);
    expect(await world.message(id)).toMatchObject({
      state: 'unknown',
      reason: 'never_proved',
      fence: 2n,
      nextAttemptAt: null,
    });
    expect((await world.attempts(id)).map((attempt) => attempt.state)).toEqual(['abandoned']);
    expect(await world.events(id)).toEqual([
      { type: 'message.unknown', payload: { by: 'resolver', reason: 'never_proved', attempt: 1 } },
    ]);
  });

  it('waits for the grace of an attempt', async () => {
    const { id } = await anUncertain(GRACE - 1_000);
    expect(await world.resolver.resolve()).toBe(0);
    expect(await state(id)).toBe('uncertain');
  });

  it('resolves many, each once, two at a time', async () => {
    await Promise.all(Array.from({ length: 60 }, () => anUncertain(3 * MINUTE)));
    const counts = await Promise.all([world.resolver.resolve(), world.resolver.resolve()]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(60);
    expect(await world.database.prisma.event.count({ where: { type: 'message.queued' } })).toBe(60);
  });

  it('lets late evidence beat it, also after unknown (T8)', async () => {
    for (const policy of ['at_least_once', 'at_most_once']) {
      const { id } = await anUncertain(3 * MINUTE, { policy });
      await world.resolver.resolve();
      await world.database.transaction((tx) =>
        proveAccepted(tx, [
          { messageId: id, attemptNo: 1, wamid: `wamid.${policy}`, reason: 'proved_by_status', by: 'meta' },
        ]),
      );
      expect(await state(id)).toBe('accepted');
    }
  });
});

describe('the resolver, while absence of evidence proves nothing', () => {
  it.each([
    ['nothing is known of the channel', () => Promise.resolve()],
    [
      'our own inbox lies behind',
      async () => (
        await hearStatus({ startedAgoMs: MINUTE, appliedAgoMs: 31_000 }),
        await leaveUnapplied(90_000 + GRACE),
        world.channel.publishInbox()
      ),
    ],
    [
      'the inbox was not looked at since',
      async () => (
        await world.channel.publishInbox(),
        await world.run(`UPDATE status_channel SET inbox_read_to = $1`, ago(2 * MINUTE)),
        hearStatus({ startedAgoMs: MINUTE, appliedAgoMs: 31_000 })
      ),
    ],
    [
      'the channel brought only statuses of earlier attempts',
      async () => (await hearStatus({ startedAgoMs: 10 * MINUTE, appliedAgoMs: 31_000 }), world.channel.publishInbox()),
    ],
    [
      'a later status has only just come',
      async () => (await hearStatus({ startedAgoMs: MINUTE, appliedAgoMs: 29_000 }), world.channel.publishInbox()),
    ],
  ])('waits when %s', async (_name, prepare) => {
    await prepare();
    const { id } = await anUncertain(3 * MINUTE);
    expect(await world.resolver.resolve()).toBe(0);
    expect(await state(id)).toBe('uncertain');
  });

  it('goes on without the channel once that has been silent for the whole of its time', async () => {
    await world.channel.publishInbox();
    const [early, late] = [await anUncertain(14 * MINUTE), await anUncertain(16 * MINUTE)];
    expect(await world.resolver.resolve()).toBe(1);
    expect([await state(early.id), await state(late.id)]).toEqual(['uncertain', 'queued']);
  });

  it('is not held up by a notification that is dead: an alert tells of it', async () => {
    await hearStatus({ startedAgoMs: MINUTE, appliedAgoMs: 31_000 });
    await leaveUnapplied(60 * MINUTE, 'dead');
    await world.channel.publishInbox();
    await anUncertain(3 * MINUTE);
    expect(await world.resolver.resolve()).toBe(1);
  });
});

describe('the status channel', () => {
  const channel = () => world.database.prisma.statusChannel.findUniqueOrThrow({ where: { appId: 'default' } });

  it('remembers what has settled while newer statuses keep coming', async () => {
    await hearStatus({ startedAgoMs: 5 * MINUTE, appliedAgoMs: 31_000 });
    await hearStatus({ startedAgoMs: 4 * MINUTE, appliedAgoMs: 10_000 });
    await hearStatus({ startedAgoMs: 3 * MINUTE, appliedAgoMs: 31_000 });
    await hearStatus({ startedAgoMs: 1 * MINUTE, appliedAgoMs: 0 });
    const { settledStartedAt, recentStartedAt } = await channel();
    const minutes = (at: Date | null) => Math.round((Date.now() - (at?.getTime() ?? 0)) / MINUTE);
    // The third came while the second had not settled, so it was not put aside; the fourth found the second settled.
    expect([minutes(settledStartedAt), minutes(recentStartedAt)]).toEqual([4, 1]);
  });

  it('never falls back', async () => {
    await hearStatus({ startedAgoMs: MINUTE, appliedAgoMs: 31_000 });
    await hearStatus({ startedAgoMs: 9 * MINUTE, appliedAgoMs: 31_000 });
    await hearStatus({ startedAgoMs: 8 * MINUTE, appliedAgoMs: 0 });
    const { settledStartedAt } = await channel();
    expect(Date.now() - (settledStartedAt?.getTime() ?? 0)).toBeLessThan(2 * MINUTE);
  });

  it('says of the inbox what is applied, and never that a store under way is', async () => {
    await world.channel.publishInbox();
    const idle = (await channel()).inboxReadTo.getTime();
    expect(Date.now() - idle).toBeGreaterThanOrEqual(5_000);
    await leaveUnapplied(30_000);
    await leaveUnapplied(20_000, 'dead');
    await world.channel.publishInbox();
    expect(Math.round((Date.now() - (await channel()).inboxReadTo.getTime()) / 1_000)).toBe(30);
  });
});
