import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { aText } from './world/herald-api.js';
import { startLoad } from './world/load.js';
import { expectInvariants, expectSentOnce } from './world/oracle.js';
import { recipients } from './world/senders.js';
import { HERALD, World } from './world/world.js';

const WELL = { code: 0, signal: null };

describe('SIGTERM loses nothing', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world.stop());

  it('under load every process ends well, and what was accepted is sent once', async () => {
    const load = startLoad(world, '0100', 8);
    for (let round = 0; round < 2; round += 1) {
      const before = load.accepted.length;
      await eventually(() => load.accepted.length > before + 50, { intervalMs: 5 });
      expect(await world.terminate(...HERALD)).toEqual([WELL, WELL, WELL]);
      await world.start(...HERALD);
    }
    await load.stop();
    const stored = await world.query<{ id: string }>('SELECT id FROM message');
    const ids = stored.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(load.accepted));
    await world.untilRead(ids);
    await expectSentOnce(world, ids);
  });

  it('requests on the wire are waited for, and written down', async () => {
    await world.simulator.pauseWebhooks();
    const before = (await world.simulator.log()).length;
    const ids = await world.api.sendAll(recipients('01101', 10).map((to) => aText(to)));
    await world.simulator.arrived(before + ids.length);
    expect(await world.terminate('worker')).toEqual([WELL]);
    expect(
      await world.query('SELECT DISTINCT state, attempt_no FROM message WHERE id = ANY($1::uuid[])', [ids]),
    ).toEqual([{ state: 'accepted', attempt_no: 1 }]);
    await world.start('worker');
    await world.simulator.resumeWebhooks();
    await world.untilRead(ids);
  });

  it('a process that is told to end when it has just come up ends well, too', async () => {
    await world.terminate(...HERALD);
    // Alive is earlier than ready: a worker has not begun its loops by then.
    await Promise.all(HERALD.map((name) => world.startWith(name, {}, { readyPath: '/health/live' })));
    expect(await world.terminate(...HERALD)).toEqual([WELL, WELL, WELL]);
    await world.start(...HERALD);
  });

  it('and nothing is out of order', async () => {
    await world.simulator.idle();
    await eventually(() => expectInvariants(world));
  });
});
