import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { aText } from './world/herald-api.js';
import { expectInvariants, expectSentOnce, untilReadOrUnproven } from './world/oracle.js';
import { recipients } from './world/senders.js';
import { HERALD, World } from './world/world.js';

/** A lease that is soon over: the least that boot allows for these times. */
const SHORT_LEASE = { SEND_LEASE_MS: '8400', SEND_WRITE_GUARD_MS: '3000', GRAPH_TIMEOUT_MS: '4000' };
const LEASE_MS = 8_400;
/** Blocks of the simulator: answers after three seconds; closes the connection instead of an answer; the same, and no status ever. */
const SLOW = '01103';
const ANSWER_LOST = '01500';
const NO_EVIDENCE = '01508';

describe('a send that was on the wire when its worker was killed is settled by its status', () => {
  let world: World;
  let sent = 0;
  beforeAll(async () => {
    world = await World.start({ env: SHORT_LEASE });
  });
  afterEach(async () => {
    await world.simulator.resumeWebhooks();
  });
  afterAll(() => world.stop());

  /** Sends to a block and waits until Meta has every request; its statuses are held back. */
  async function sendAndHoldStatuses(block: string, count: number, first = 1): Promise<string[]> {
    await world.simulator.pauseWebhooks();
    const ids = await world.api.sendAll(recipients(block, count, first).map((to) => aText(to)));
    sent += count;
    await world.simulator.arrived(sent);
    return ids;
  }

  async function expectOneAttempt(ids: string[]): Promise<void> {
    await expectSentOnce(world, ids);
    expect(
      await world.query('SELECT DISTINCT attempt_no, state FROM message WHERE id = ANY($1::uuid[])', [ids]),
    ).toEqual([{ attempt_no: 1, state: 'accepted' }]);
  }

  it('when its status comes while it still says sending', async () => {
    // A lease that outlasts the restart of everything, however slow the machine is.
    await world.terminate('worker');
    await world.startWith('worker', { SEND_LEASE_MS: '120000' });
    const ids = await sendAndHoldStatuses(SLOW, 10);
    await world.kill(...HERALD);
    await world.start(...HERALD);
    expect(await world.query('SELECT DISTINCT state FROM message WHERE id = ANY($1::uuid[])', [ids])).toEqual([
      { state: 'sending' },
    ]);
    await world.simulator.resumeWebhooks();
    await world.untilRead(ids);
    await expectOneAttempt(ids);
  });

  it('when its status comes after its lease, while it is uncertain and says so', async () => {
    const ids = await sendAndHoldStatuses(SLOW, 10, 20);
    await world.kill('worker');
    await world.start('worker');
    await world.until(ids, "state = 'uncertain'");
    expect(await world.api.message(ids[0]!)).toMatchObject({
      state: 'uncertain',
      status: null,
      waitsFor: 'evidence',
      attempts: 1,
    });
    await world.simulator.resumeWebhooks();
    await world.untilRead(ids);
    await expectOneAttempt(ids);
  });

  it('when its status came while no worker ran', async () => {
    const ids = await sendAndHoldStatuses(SLOW, 10, 40);
    await world.kill('worker');
    await world.simulator.resumeWebhooks();
    await eventually(async () => expect(await world.query('SELECT * FROM inbox_work')).not.toEqual([]));
    await world.start('worker');
    await world.untilRead(ids);
    await expectOneAttempt(ids);
  });

  it('when the answer was lost, and then the queue and the worker', async () => {
    const ids = await sendAndHoldStatuses(ANSWER_LOST, 10);
    await world.until(ids, "state = 'uncertain'");
    await world.queue.empty();
    await world.kill('worker');
    await world.start('worker');
    await world.simulator.resumeWebhooks();
    await world.untilRead(ids);
    await expectOneAttempt(ids);
  });

  it('when its worker was frozen until its lease was over, and thawed with requests in its hands', async () => {
    const slow = await sendAndHoldStatuses(SLOW, 10, 60);
    const ids = [...slow, ...(await world.api.sendAll(recipients('0100', 60, 101).map((to) => aText(to))))];
    process.kill(world.process('worker').pid, 'SIGSTOP');
    await sleep(LEASE_MS + 500);
    process.kill(world.process('worker').pid, 'SIGCONT');
    await world.simulator.resumeWebhooks();
    const unproven = await untilReadOrUnproven(world, ids);
    expect(slow.filter((id) => unproven.includes(id))).toEqual([]);
    await expectSentOnce(
      world,
      ids.filter((id) => !unproven.includes(id)),
    );
    sent = (await world.simulator.log()).length;
  });

  it('without any evidence it stays uncertain, says what it waits for, and is not sent again', async () => {
    const ids = await world.api.sendAll([
      ...recipients(NO_EVIDENCE, 3).map((to) => aText(to)),
      ...recipients(NO_EVIDENCE, 3, 10).map((to) => aText(to, { deliveryPolicy: 'at_most_once' })),
    ]);
    sent += ids.length;
    await world.until(ids, "state = 'uncertain'");
    await world.kill('worker');
    await world.start('worker');
    await world.queue.empty();
    await sleep(2_500); // longer than REFEED_AFTER_MS and every interval of the worker

    for (const id of ids) {
      expect(await world.api.message(id)).toMatchObject({
        state: 'uncertain',
        status: null,
        attempts: 1,
        waitsFor: 'evidence',
        waitsUntil: expect.any(String),
      });
      const timeline = await world.api.timeline(id);
      expect(timeline.at(-1)).toMatchObject({
        what: 'message.uncertain',
        why: expect.stringContaining('no answer proves'),
      });
    }
    await expectSentOnce(world, ids);
    await expectInvariants(world);
  });
});
