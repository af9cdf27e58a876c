import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { GraphClient, GraphReceipt, ReceiptOutcome } from '#graph-api';
import type { QueueBackend } from '#queues';
import type { SenderDirectory } from '#senders';
import { heraldWamid } from '#messages';
import { A_SENDER, aMessage, aSender } from '#testing';
import { PaceService } from '../pacing/pace.service.js';
import { type DeliveryWorld, openDeliveryWorld } from '../specs/delivery-world.js';
import { KeepReceiptService } from './keep-receipt.service.js';
import { claimReceipts } from './receipt.query.js';
import { SendReceiptsService } from './send-receipts.service.js';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await openDeliveryWorld();
  await aSender(world.database);
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.run('TRUNCATE read_receipt, hold, pace_lane, pace_pair'));

/** A worker whose Graph answers as it is told, and what it was sent. */
function setup(...answers: ReceiptOutcome[]) {
  const sent: GraphReceipt[] = [];
  const graph = {
    markRead: (receipt: GraphReceipt) => {
      sent.push(receipt);
      return Promise.resolve(answers.shift() ?? { kind: 'done' });
    },
  } as unknown as GraphClient;
  const senders = { credentials: () => Promise.resolve({ accessToken: 'EAAG' }) } as unknown as SenderDirectory;
  const { database, environment, logger } = world;
  const pace = new PaceService({ redis: undefined } as QueueBackend, database, environment, logger);
  const worker = new SendReceiptsService(database, graph, senders, pace, logger);
  const work = async () => {
    await worker.send();
    await worker.idle();
  };
  const keep = (wamid: string, typing = false) =>
    new KeepReceiptService(database, logger).keep({ wamid, phoneNumberId: A_SENDER.phoneNumberId, typing });
  return { sent, work, keep };
}
const rows = () => world.database.prisma.readReceipt.findMany({ orderBy: { wamid: 'asc' } });
const age = (seconds: number) =>
  world.run(`UPDATE read_receipt SET requested_at = requested_at - $1 * interval '1 s', next_try_at = now()`, seconds);

describe('a read receipt', () => {
  it('is sent once, however often it is asked for, and takes no token of its contact', async () => {
    const { sent, work, keep } = setup();
    await keep('wamid.a');
    await keep('wamid.a');
    await work();
    await keep('wamid.a');
    await work();
    expect(sent).toEqual([
      { phoneNumberId: A_SENDER.phoneNumberId, accessToken: 'EAAG', wamid: 'wamid.a', typing: false },
    ]);
    expect(await rows()).toMatchObject([{ state: 'sent', nextTryAt: null, tries: 1 }]);
    expect(await world.run('SELECT 1 FROM pace_lane')).toHaveLength(1);
    expect(await world.run('SELECT 1 FROM pace_pair')).toHaveLength(0);
    expect(await world.database.prisma.event.count()).toBe(0);
  });

  it('with a typing indicator is sent again: that is good only now', async () => {
    const { sent, work, keep } = setup();
    for (const typing of [false, true, true]) {
      await keep('wamid.b', typing);
      await work();
    }
    expect(sent.map(({ typing }) => typing)).toEqual([false, true, true]);
  });

  it('is sent without its typing indicator when that would come late', async () => {
    const { sent, work, keep } = setup();
    await keep('wamid.c', true);
    await age(21);
    await work();
    expect(sent).toMatchObject([{ wamid: 'wamid.c', typing: false }]);
  });

  it('is tried again until it is done', async () => {
    const { sent, work, keep } = setup({ kind: 'retry', code: 130429, waitMs: 0 });
    await keep('wamid.d');
    await work();
    expect(await rows()).toMatchObject([{ state: 'pending', tries: 1, nextTryAt: expect.any(Date) }]);
    await age(5);
    await work();
    expect(sent).toHaveLength(2);
    expect(await rows()).toMatchObject([{ state: 'sent', tries: 2 }]);
  });

  it('is given up after ten minutes, or when Meta refuses it; asked for again it is tried anew', async () => {
    const { sent, work, keep } = setup({ kind: 'refused', code: 131009 });
    await keep('wamid.e');
    await work();
    expect(await rows()).toMatchObject([{ state: 'failed', errorCode: 131009 }]);
    await keep('wamid.e');
    await age(601);
    await work();
    expect(sent).toHaveLength(1);
    expect(await rows()).toMatchObject([{ state: 'failed', errorCode: null }]);
    await keep('wamid.e');
    await work();
    expect(await rows()).toMatchObject([{ state: 'sent' }]);
  });

  it('is due although its time was rounded up to the next half millisecond', async () => {
    const { sent, work, keep } = setup();
    await keep('wamid.r');
    await world.database.transaction(async (tx) => {
      const [row] = await tx.query<{ aheadMs: number }>(
        {
          name: '',
          sql: `UPDATE read_receipt SET next_try_at = date_trunc('milliseconds', now()) + interval '1 ms' RETURNING extract(epoch FROM next_try_at - now())::float8 * 1000 AS "aheadMs"`,
        },
        [],
      );
      expect(row?.aheadMs).toBeGreaterThan(0);
      expect(await claimReceipts(tx, { limit: 1, leaseMs: 1_000, lifeMs: 600_000, releasedForMs: 1_000 })).toHaveLength(
        1,
      );
    });
    await age(0);
    await work();
    expect(sent).toHaveLength(1);
  });

  it('that names a message of ours, by either of our ids, names it by Meta’s wamid', async () => {
    const { sent, work, keep } = setup();
    const { id, attempts } = await aMessage(world.database, {
      phoneNumberId: A_SENDER.phoneNumberId,
      state: 'accepted',
    });
    await keep(id);
    await keep(heraldWamid(id));
    await work();
    expect(sent.map(({ wamid }) => wamid)).toEqual([attempts[0]?.wamid, attempts[0]?.wamid]);
  });

  it.each([
    ['queued', { state: 'pending', tries: 1 }],
    ['failed', { state: 'failed', errorCode: null }],
  ])('that names a message of ours which is %s does not reach Meta', async (state, row) => {
    const { sent, work, keep } = setup();
    await keep((await aMessage(world.database, { phoneNumberId: A_SENDER.phoneNumberId, state })).id);
    await work();
    expect([sent, await rows()]).toMatchObject([[], [row]]);
  });

  it('that names a message of another sender of ours does not reach Meta', async () => {
    const { sent, work, keep } = setup();
    await keep((await aMessage(world.database, { phoneNumberId: '800000000000777', state: 'accepted' })).id);
    await work();
    expect([sent, await rows()]).toMatchObject([[], [{ state: 'failed' }]]);
  });

  it('waits while its sender is held', async () => {
    const { sent, work, keep } = setup();
    await world.run(`INSERT INTO hold (scope, scope_id, reason) VALUES ('sender', $1, 'test')`, A_SENDER.phoneNumberId);
    await keep('wamid.f');
    await work();
    expect(sent).toEqual([]);
    await world.run('TRUNCATE hold');
    await work();
    expect(sent).toHaveLength(1);
  });

  it('is sent by one of several workers', async () => {
    const workers = [setup(), setup(), setup()];
    await Promise.all(Array.from({ length: 40 }, (_, i) => setup().keep(`wamid.${i}`)));
    await Promise.all(workers.map(({ work }) => work()));
    const sent = workers.flatMap(({ sent }) => sent.map(({ wamid }) => wamid));
    expect([sent.length, new Set(sent).size]).toEqual([40, 40]);
  });
});
