import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aMessage, type MessageOverrides } from '#testing';
import { proveAccepted } from './prove-accepted.js';
import { aSettlement, type DeliveryWorld, openDeliveryWorld } from './specs/delivery-world.js';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await openDeliveryWorld();
}, 60_000);
afterAll(() => world.close());

const prove = (messageId: string, attemptNo = 1, wamid = 'wamid.proof') =>
  world.database.transaction((tx) =>
    proveAccepted(tx, [{ messageId, attemptNo, wamid, reason: 'proved_by_status', by: 'meta' }]),
  );
const abandoned = { state: 'abandoned' };

describe('proof that an attempt was accepted (T5, T8)', () => {
  it.each<[string, MessageOverrides, string[]]>([
    ['sending', { state: 'sending' }, ['accepted']],
    ['uncertain', { state: 'uncertain', fence: 2n }, ['accepted']],
    ['unknown', { state: 'unknown', fence: 2n }, ['accepted']],
    [
      'queued again',
      { state: 'queued', fence: 3n, nextAttemptAt: new Date(), fedAt: new Date(), attempts: [abandoned] },
      ['accepted'],
    ],
    ['expired', { state: 'expired', fence: 3n, attempts: [abandoned] }, ['accepted']],
    ['failed', { state: 'failed', errorCode: 131026 }, ['rejected_permanent']],
    [
      'queued again after an error',
      { state: 'queued', nextAttemptAt: new Date(), attempts: [{ state: 'rejected_retryable' }] },
      ['rejected_retryable'],
    ],
    [
      'sending its next attempt',
      { state: 'sending', fence: 4n, attempts: [abandoned, { state: 'started' }] },
      ['accepted', 'abandoned'],
    ],
    [
      'uncertain on its next attempt',
      { state: 'uncertain', fence: 5n, attempts: [abandoned, { state: 'uncertain' }] },
      ['accepted', 'abandoned'],
    ],
  ])('accepts a message that is %s', async (_name, overrides, attemptStates) => {
    const { id, fence } = await aMessage(world.database, overrides);
    await prove(id);
    const accepted = {
      state: 'accepted',
      reason: 'proved_by_status',
      fence: fence + 1n,
      nextAttemptAt: null,
      fedAt: null,
      leaseUntil: null,
      leaseOwner: null,
      errorCode: null,
    };
    expect(await world.message(id)).toMatchObject(accepted);
    const attempts = await world.attempts(id);
    expect(attempts.map(({ state }) => state)).toEqual(attemptStates);
    expect(attempts[0]).toMatchObject({ wamid: 'wamid.proof' });
    expect(await world.events(id)).toEqual([
      { type: 'message.accepted', payload: { by: 'meta', reason: 'proved_by_status', attempt: 1 } },
    ]);
  });

  it('again changes nothing', async () => {
    const { id } = await aMessage(world.database, { state: 'uncertain', fence: 2n });
    await prove(id);
    const before = [await world.message(id), await world.attempts(id), await world.events(id)];
    await prove(id);
    expect([await world.message(id), await world.attempts(id), await world.events(id)]).toEqual(before);
  });

  it('does not wake a cancelled message', async () => {
    const { id } = await aMessage(world.database, { state: 'cancelled', attempts: [{ state: 'rejected_retryable' }] });
    await prove(id);
    expect(await world.message(id)).toMatchObject({ state: 'cancelled' });
  });

  it('of a second attempt tells of a duplicate, once', async () => {
    const { id } = await aMessage(world.database, { state: 'accepted', attempts: [abandoned, { state: 'accepted' }] });
    await prove(id);
    await prove(id);
    expect((await world.attempts(id)).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
    expect(await world.events(id)).toEqual([
      { type: 'message.duplicate_suspected', payload: { by: 'meta', attempt: 1 } },
    ]);
  });

  it('of an attempt that was answered with an error, after a second one was accepted, tells of a duplicate, once', async () => {
    const { id } = await aMessage(world.database, {
      state: 'accepted',
      attempts: [{ state: 'rejected_retryable' }, { state: 'accepted' }],
    });
    await prove(id);
    await prove(id);
    expect(await world.events(id)).toMatchObject([{ type: 'message.duplicate_suspected' }]);
  });

  it('of two attempts of one message at once is as of one after the other', async () => {
    const made = await Promise.all(
      [1, 2, 3].map(() =>
        aMessage(world.database, {
          state: 'uncertain',
          fence: 5n,
          attempts: [abandoned, { state: 'uncertain' }],
        }),
      ),
    );
    const proof = { reason: 'proved_by_status', by: 'meta' } as const;
    const [first, second, one] = made.map(({ id }) => id) as [string, string, string];
    const both = (messageId: string) =>
      [1, 2].map((attemptNo) => ({ ...proof, messageId, attemptNo, wamid: `wamid.${messageId}.${attemptNo}` }));
    await world.database.transaction((tx) =>
      proveAccepted(tx, [
        ...both(first),
        ...both(second),
        { ...proof, messageId: one, attemptNo: 2, wamid: `wamid.${one}` },
      ]),
    );
    for (const id of [first, second]) {
      expect((await world.attempts(id)).map(({ state, wamid }) => [state, wamid])).toEqual([
        ['accepted', `wamid.${id}.1`],
        ['accepted', `wamid.${id}.2`],
      ]);
      expect(await world.events(id)).toEqual([
        { type: 'message.accepted', payload: { by: 'meta', reason: 'proved_by_status', attempt: 1 } },
        { type: 'message.duplicate_suspected', payload: { by: 'meta', attempt: 2 } },
      ]);
    }
    expect((await world.attempts(one)).map(({ state }) => state)).toEqual(['abandoned', 'accepted']);
    expect((await world.events(one)).map(({ type }) => type)).toEqual(['message.accepted']);
    expect((await world.message(one)).fence).toBe(6n);
  });

  it('of an attempt that does not exist is nothing', async () => {
    const { id } = await aMessage(world.database);
    await prove(id, 1);
    expect(await world.message(id)).toMatchObject({ state: 'queued', fence: 0n });
  });

  it('while its worker still sends: the worker’s own answer changes nothing any more', async () => {
    const { id } = await aMessage(world.database);
    const [claimed] = await world.newClaims().claim([id]);
    await prove(id);
    const before = [await world.message(id), await world.attempts(id), await world.events(id)];
    await world.newSettlements().settle(aSettlement(claimed!, 'accepted', { wamid: 'wamid.proof' }));
    expect([await world.message(id), await world.attempts(id), await world.events(id)]).toEqual(before);
  });
});
