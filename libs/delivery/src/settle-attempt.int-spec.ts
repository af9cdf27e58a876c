import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { aMessage, type MessageOverrides } from '#testing';
import { AttachOrphansService } from './attach-orphans.service.js';
import { aSettlement, type DeliveryWorld, ENDS, openDeliveryWorld } from './specs/delivery-world.js';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await openDeliveryWorld({ UNCERTAIN_GRACE_MS: '90001' });
}, 60_000);
afterAll(() => world.close());

/** A message that a worker is sending, and what that worker settles it with. */
async function sending(overrides: MessageOverrides = {}) {
  const message = await aMessage(world.database, { state: 'sending', ...overrides });
  const open = { messageId: message.id, attemptNo: message.attemptNo, fence: message.fence };
  return { ...message, open };
}
const settle = (...settlements: ReturnType<typeof aSettlement>[]) => {
  const service = world.newSettlements();
  return Promise.all(settlements.map((settlement) => service.settle(settlement)));
};

describe('a settlement with its own fence', () => {
  it.each<[keyof typeof ENDS, object, object]>([
    ['accepted', { burned: 2, notSent: 0, errorCode: null }, { wamid: 'wamid.answer', httpStatus: 200, http2xx: true }],
    ['not_sent', { burned: 2, notSent: 5, errorCode: null }, { wamid: null, httpStatus: null }],
    ['never_written', { burned: 2, notSent: 5 }, { httpStatus: null }],
    ['throttled', { burned: 2, notSent: 0, errorCode: 130429 }, { errorCode: 130429 }],
    ['retryable', { burned: 3, notSent: 0, errorCode: 131000 }, { errorCode: 131000, httpStatus: 500 }],
    ['exhausted', { burned: 3, notSent: 0 }, { errorCode: 131000 }],
    ['fallback', { burned: 3, usesFallback: true }, { errorCode: 131047 }],
    ['permanent', { burned: 3, notSent: 0, errorCode: 131026 }, { errorCode: 131026, detail: 'Undeliverable' }],
    ['lost', { burned: 3, notSent: 0 }, { http2xx: false }],
    ['cut', { burned: 3, notSent: 0 }, { http2xx: true, httpStatus: 200 }],
  ])('%s: message, attempt and event say so', async (end, row, attempt) => {
    const { id, open } = await sending({ burned: 2, notSent: 4 });
    await settle(aSettlement(open, end));
    const { state, reason, attempt: attemptState } = ENDS[end];
    const message = await world.message(id);
    expect(message).toMatchObject({
      state,
      reason,
      fence: 1n,
      leaseUntil: null,
      leaseOwner: null,
      fedAt: null,
      ...row,
    });
    expect(await world.attempts(id)).toMatchObject([{ state: attemptState, ...attempt }]);
    const [event, ...others] = await world.events(id);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: `message.${state}`,
      payload: { by: 'worker', reason, attempt: 1, outcome: attemptState },
    });
    const delayMs = 'delayMs' in ENDS[end] ? ENDS[end].delayMs : null;
    if (delayMs === null) expect(message.nextAttemptAt).toBeNull();
    else expect(message.nextAttemptAt!.getTime() - message.updatedAt.getTime()).toBe(delayMs);
  });

  it.each([
    ['at_least_once', 90_001],
    ['at_most_once', 45_000],
  ])('in doubt waits for evidence: %s for %i ms, an odd grace too', async (policy, graceMs) => {
    const { id, open } = await sending({ policy });
    await settle(aSettlement(open, 'lost'));
    const [attempt] = await world.attempts(id);
    expect(attempt).toMatchObject({ state: 'uncertain' });
    expect(Math.abs(attempt!.resolveAfter!.getTime() - attempt!.uncertainSince!.getTime() - graceMs)).toBeLessThan(50);
  });

  it.each<keyof typeof ENDS>(['permanent', 'exhausted', 'never_written'])(
    '%s ends unknown while an earlier attempt may have gone through (T3c)',
    async (end) => {
      const { id, open } = await sending({ attempts: [{ state: 'abandoned' }, { state: 'started' }] });
      await settle(aSettlement(open, end));
      expect(await world.message(id)).toMatchObject({ state: 'unknown', reason: 'earlier_attempt_unproven' });
      expect(await world.events(id)).toMatchObject([
        { type: 'message.unknown', payload: { reason: 'earlier_attempt_unproven' } },
      ]);
    },
  );

  it('of a batch of 64 with one that the database refuses takes the other 63', async () => {
    const messages = await Promise.all(Array.from({ length: 64 }, () => sending()));
    const service = world.newSettlements();
    const settled = await Promise.allSettled(
      messages.map(({ open }, i) =>
        service.settle(aSettlement(open, 'permanent', { detail: i === 20 ? 'a\u0000b' : 'fine' })),
      ),
    );
    expect(settled.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([20]);
    const states = await Promise.all(messages.map(async ({ id }) => (await world.message(id)).state));
    expect(states.filter((state) => state === 'failed')).toHaveLength(63);
    expect(states[20]).toBe('sending');
  });

  it('said twice changes nothing (its COMMIT was not heard)', async () => {
    for (const end of ['accepted', 'retryable', 'permanent', 'lost', 'cut', 'not_sent'] as const) {
      const { id, open } = await sending();
      await settle(aSettlement(open, end));
      const before = [await world.message(id), await world.attempts(id), await world.events(id)];
      await settle(aSettlement(open, end));
      expect([await world.message(id), await world.attempts(id), await world.events(id)]).toEqual(before);
    }
  });
});

describe('a settlement that lost its fence (T3s)', () => {
  /** After T4: the reaper has called attempt 1 uncertain. */
  const reaped = (overrides: MessageOverrides = {}) =>
    aMessage(world.database, {
      state: 'uncertain',
      reason: 'lease_expired',
      fence: 2n,
      burned: 1,
      notSent: 4,
      ...overrides,
    });
  const stale = (id: string) => ({ messageId: id, attemptNo: 1, fence: '1' });

  it.each<[keyof typeof ENDS, object, object]>([
    [
      'accepted',
      { state: 'accepted', reason: 'proved_by_late_answer', fence: 3n, burned: 1 },
      { state: 'accepted', wamid: 'wamid.answer' },
    ],
    ['not_sent', { state: 'queued', reason: 'not_sent', fence: 3n, burned: 0, notSent: 5 }, { state: 'not_sent' }],
    [
      'never_written',
      { state: 'failed', reason: 'never_written', fence: 3n, burned: 0, notSent: 5 },
      { state: 'not_sent' },
    ],
    ['throttled', { state: 'queued', reason: 'throttled', fence: 3n, burned: 0, notSent: 0 }, { state: 'throttled' }],
    [
      'retryable',
      { state: 'queued', reason: 'retry', fence: 3n, burned: 1, notSent: 0 },
      { state: 'rejected_retryable' },
    ],
    [
      'exhausted',
      { state: 'failed', reason: 'attempts_exhausted', fence: 3n, burned: 1 },
      { state: 'rejected_retryable' },
    ],
    ['fallback', { state: 'queued', usesFallback: true, fence: 3n, burned: 1 }, { state: 'rejected_retryable' }],
    [
      'permanent',
      { state: 'failed', reason: 'rejected', fence: 3n, burned: 1, errorCode: 131026 },
      { state: 'rejected_permanent', detail: 'Undeliverable' },
    ],
    ['lost', { state: 'uncertain', fence: 2n, burned: 1 }, { state: 'uncertain', http2xx: false }],
    ['cut', { state: 'uncertain', fence: 2n, burned: 1 }, { state: 'uncertain', http2xx: true, httpStatus: 200 }],
  ])('%s, while uncertain on its attempt', async (end, row, attempt) => {
    const { id } = await reaped();
    await settle(aSettlement(stale(id), end));
    const message = await world.message(id);
    expect(message).toMatchObject(row);
    expect(await world.attempts(id)).toMatchObject([attempt]);
    expect(await world.events(id)).toHaveLength(message.state === 'uncertain' ? 0 : 1);
    if (message.state === 'queued')
      expect(message.nextAttemptAt!.getTime()).toBeGreaterThanOrEqual(message.updatedAt.getTime());
  });

  it('that waits for its target is let go with it', async () => {
    const { id } = await reaped();
    const target = await aMessage(world.database, { state: 'accepted', attempts: [{ state: 'accepted' }] });
    const wait = { reason: 'awaits_target', delayMs: 86_400_000, awaitsTarget: target.id };
    await settle(aSettlement(stale(id), 'throttled', wait));
    expect(await world.message(id)).toMatchObject({ reason: 'awaits_target', awaitsTarget: target.id });
    await world.targets.release();
    expect((await world.message(id)).nextAttemptAt!.getTime()).toBeLessThanOrEqual(Date.now() + 1_000);
  });

  it.each<keyof typeof ENDS>(['permanent', 'exhausted', 'never_written'])(
    '%s ends unknown while an earlier attempt may have gone through',
    async (end) => {
      const { id } = await reaped({ fence: 4n, attempts: [{ state: 'abandoned' }, { state: 'uncertain' }] });
      await settle(aSettlement({ messageId: id, attemptNo: 2, fence: '3' }, end));
      expect(await world.message(id)).toMatchObject({ state: 'unknown', reason: 'earlier_attempt_unproven' });
      expect(await world.events(id)).toMatchObject([{ type: 'message.unknown' }]);
    },
  );

  const ELSEWHERE: [string, MessageOverrides][] = [
    [
      'queued again, its attempt abandoned',
      { state: 'queued', nextAttemptAt: new Date(), fence: 3n, attempts: [{ state: 'abandoned' }] },
    ],
    [
      'sending its next attempt',
      { state: 'sending', fence: 4n, attempts: [{ state: 'abandoned' }, { state: 'started' }] },
    ],
    [
      'uncertain on its next attempt',
      { state: 'uncertain', fence: 5n, attempts: [{ state: 'abandoned' }, { state: 'uncertain' }] },
    ],
    ['unknown', { state: 'unknown', fence: 2n, attempts: [{ state: 'abandoned' }] }],
    ['failed', { state: 'failed', fence: 5n, attempts: [{ state: 'abandoned' }, { state: 'rejected_permanent' }] }],
    ['expired', { state: 'expired', fence: 3n, attempts: [{ state: 'abandoned' }] }],
  ];
  const REFUSALS = ['not_sent', 'never_written', 'throttled', 'retryable', 'exhausted', 'permanent'] as const;

  it.each(ELSEWHERE.flatMap(([name, overrides]) => REFUSALS.map((end) => [end, name, overrides] as const)))(
    '%s, the message %s: only the attempt is closed',
    async (end, _name, overrides) => {
      const { attempts: _, ...before } = await aMessage(world.database, overrides);
      await settle(aSettlement(stale(before.id), end));
      expect(await world.message(before.id)).toEqual(before);
      expect((await world.attempts(before.id))[0]).toMatchObject({ state: ENDS[end].attempt });
      expect(await world.events(before.id)).toEqual([]);
    },
  );

  it.each(ELSEWHERE)(
    'accepted, the message %s: it is accepted, other open attempts are abandoned (T5, T8)',
    async (_name, overrides) => {
      const { id, fence } = await aMessage(world.database, overrides);
      await settle(aSettlement(stale(id), 'accepted'));
      expect(await world.message(id)).toMatchObject({
        state: 'accepted',
        reason: 'proved_by_late_answer',
        fence: fence + 1n,
        nextAttemptAt: null,
        leaseUntil: null,
        errorCode: null,
      });
      const [first, second] = await world.attempts(id);
      expect(first).toMatchObject({ state: 'accepted', wamid: 'wamid.answer' });
      if (second) expect(['abandoned', 'rejected_permanent']).toContain(second.state);
      expect(await world.events(id)).toMatchObject([
        { type: 'message.accepted', payload: { by: 'worker', attempt: 1 } },
      ]);
    },
  );

  it.each(ELSEWHERE)(
    'a 2xx line, the message %s: it is kept, nothing is sent again for it',
    async (_name, overrides) => {
      const { attempts: _, ...before } = await aMessage(world.database, overrides);
      await settle(aSettlement(stale(before.id), 'cut'));
      expect(await world.message(before.id)).toEqual(before);
      expect((await world.attempts(before.id))[0]).toMatchObject({
        state: 'abandoned',
        http2xx: true,
        httpStatus: 200,
      });
    },
  );

  it.each(Object.keys(ENDS) as (keyof typeof ENDS)[])(
    '%s, after a status had proved the attempt: nothing changes',
    async (end) => {
      const { attempts: _, ...before } = await aMessage(world.database, {
        state: 'accepted',
        fence: 2n,
        attempts: [{ state: 'accepted', wamid: 'wamid.answer' }],
      });
      const attemptsBefore = await world.attempts(before.id);
      await settle(aSettlement(stale(before.id), end));
      expect(await world.message(before.id)).toEqual(before);
      expect(await world.attempts(before.id)).toEqual(attemptsBefore);
    },
  );

  it('settles beside the attempt that came after it, in one batch', async () => {
    const { id } = await aMessage(world.database, {
      state: 'sending',
      fence: 4n,
      attempts: [{ state: 'abandoned' }, { state: 'started' }],
    });
    await settle(
      aSettlement(stale(id), 'accepted', { wamid: 'wamid.first' }),
      aSettlement({ messageId: id, attemptNo: 2, fence: '4' }, 'retryable'),
    );
    expect(await world.message(id)).toMatchObject({ state: 'accepted' });
    expect(await world.attempts(id)).toMatchObject([
      { state: 'accepted', wamid: 'wamid.first' },
      { state: 'rejected_retryable' },
    ]);
  });

  it('of a message that does not exist, or of no attempt of it, is nothing', async () => {
    const { id } = await aMessage(world.database);
    await settle(aSettlement({ messageId: id, attemptNo: 3, fence: '1' }, 'accepted'));
    await settle(
      aSettlement({ messageId: '01900000-0000-7000-8000-00000000dead', attemptNo: 1, fence: '1' }, 'accepted'),
    );
    expect(await world.message(id)).toMatchObject({ state: 'queued', fence: 0n });
  });
});

describe('statuses that came before the answer', () => {
  const orphan = (wamid: string, status: string, ts: number) =>
    world.run(
      `INSERT INTO orphan_status (wamid, recipient, status, ts, item, inbox_id, received_at) VALUES ($1, 'r', $2, $3::bigint, $4, gen_random_uuid(), now())`,
      wamid,
      status,
      ts,
      {
        kind: 'status',
        wamid,
        status,
        rank: { sent: 2, delivered: 4 }[status],
        timestamp: ts,
        recipient: 'r',
        participant: null,
        errorCode: null,
        errors: null,
        pricing: null,
        conversation: null,
      },
    );

  it.each<[string, MessageOverrides]>([
    ['with its fence', {}],
    ['late', { state: 'uncertain', fence: 2n }],
  ])('are its own once it comes, %s', async (_name, overrides) => {
    const { id, open } = await sending(overrides);
    const wamid = `wamid.${id}`;
    await orphan(wamid, 'sent', 100);
    await orphan(wamid, 'delivered', 101);
    await settle(aSettlement({ ...open, fence: '1' }, 'accepted', { wamid }));
    expect(await world.message(id)).toMatchObject({
      state: 'accepted',
      waRank: 4,
      sentAt: new Date(100_000),
      deliveredAt: new Date(101_000),
    });
    expect(await world.database.prisma.orphanStatus.count({ where: { wamid } })).toBe(0);
    expect((await world.events(id)).map(({ type }) => type).sort()).toEqual([
      'message.accepted',
      'message.delivered',
      'message.sent',
    ]);
  });

  it('are found by the sweeper when they arrive just behind it', async () => {
    const { id, open } = await sending();
    const wamid = `wamid.${id}`;
    await settle(aSettlement(open, 'accepted', { wamid }));
    await orphan(wamid, 'delivered', 101);
    await world.sweeper.sweep();
    expect(await world.message(id)).toMatchObject({ waRank: 4 });
  });

  it('of a message of long ago, redriven, are looked for once an hour, and when its wamid is learnt', async () => {
    const old = uuidv7({ msecs: Date.now() - 90 * 86_400_000 });
    const wamid = `wamid.${old}`;
    await aMessage(world.database, { id: old, state: 'accepted', attempts: [{ state: 'accepted', wamid }] });
    const orphans = new AttachOrphansService(world.database);
    const found = async (wamids: string[] | null) => {
      await orphan(wamid, 'sent', Math.floor(Math.random() * 1e6));
      return orphans.attach(wamids);
    };
    expect(await found(null)).toBe(1);
    expect(await found(null)).toBe(0);
    expect(await found([wamid])).toBe(2);
    await orphan(wamid, 'delivered', 1);
    expect(await new AttachOrphansService(world.database).attach(null)).toBe(1);
  });

  it('of another system wait 30 days', async () => {
    await orphan('wamid.young', 'sent', 1);
    await orphan('wamid.old', 'sent', 1);
    await world.run(`UPDATE orphan_status SET received_at = now() - interval '31 days' WHERE wamid = 'wamid.old'`);
    await world.sweeper.sweep();
    const left = await world.database.prisma.orphanStatus.findMany({
      where: { wamid: { in: ['wamid.young', 'wamid.old'] } },
    });
    expect(left.map(({ wamid }) => wamid)).toEqual(['wamid.young']);
  });
});
