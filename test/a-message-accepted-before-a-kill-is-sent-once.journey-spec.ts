import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { aText } from './world/herald-api.js';
import { startLoad } from './world/load.js';
import { expectInvariants, expectSentOnce, untilReadOrUnproven } from './world/oracle.js';
import { recipients } from './world/senders.js';
import { HERALD, World } from './world/world.js';

describe('a message accepted before a kill -9 is sent once', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world.stop());

  it('when api, webhooks and worker are killed while it is queued', async () => {
    await world.kill('worker');
    const ids = await world.api.sendAll(recipients('0100', 50, 101).map((to) => aText(to)));
    await world.kill('api', 'webhooks');
    expect(await world.simulator.log()).toEqual([]);

    await world.start(...HERALD);
    await world.untilRead(ids);
    await expectSentOnce(world, ids);
    expect(await world.query('SELECT DISTINCT attempt_no FROM message')).toEqual([{ attempt_no: 1 }]);
  });

  it('when the api is killed the moment it has answered', async () => {
    const accepted: string[] = [];
    const answers = recipients('0100', 20, 201).map(async (to) => {
      // A client that got no answer was told nothing, and may ask again.
      const id = await world.api.send(aText(to)).catch(() => null);
      if (id !== null) accepted.push(id);
    });
    await eventually(() => accepted.length > 0, { intervalMs: 1 });
    await world.kill('api');
    await Promise.all(answers);

    await world.start('api');
    const stored = await storedIds(world);
    expect(stored).toEqual(expect.arrayContaining(accepted));
    await world.untilRead(stored);
    await expectSentOnce(world, stored);
  });

  it('when all three are killed again and again under load', async () => {
    const load = startLoad(world, '0101');
    for (let round = 0; round < 3; round += 1) {
      const before = load.accepted.length;
      await eventually(() => load.accepted.length > before + 20, { intervalMs: 5 });
      await world.kill(...HERALD);
      await world.start(...HERALD);
    }
    await load.stop();
    const stored = await storedIds(world);
    expect(stored).toEqual(expect.arrayContaining(load.accepted));
    const unproven = await untilReadOrUnproven(world, stored);
    await expectSentOnce(
      world,
      stored.filter((id) => !unproven.includes(id)),
    );
    await eventually(() => expectInvariants(world));
  });
});

const storedIds = async (world: World) =>
  (await world.query<{ id: string }>('SELECT id FROM message')).map(({ id }) => id);
