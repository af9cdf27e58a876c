import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { currentBackend, eventually } from '#testing';
import { aText } from './world/herald-api.js';
import { expectInvariants, expectSentOnce } from './world/oracle.js';
import { recipients } from './world/senders.js';
import { World } from './world/world.js';

const MESSAGES = 500;

describe(`an emptied queue loses nothing (${currentBackend()})`, () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world.stop());

  it(`${MESSAGES} messages are sent once each while the queue is emptied again and again`, async () => {
    // Fed, and waiting in the queue with nobody to take them, so that the first FLUSHALL surely loses jobs.
    await world.kill('worker');
    const first = await world.api.sendAll(recipients('0100', MESSAGES / 2, 101).map((to) => aText(to)));
    await eventually(async () => expect(await jobsIn(world)).toBeGreaterThan(0));
    await world.queue.empty();
    expect(await jobsIn(world)).toBe(0);

    await world.start('worker');
    let emptied = 0;
    let isRunning = true;
    const emptying = (async () => {
      while (isRunning) {
        await world.queue.empty();
        emptied += 1;
        await sleep(50);
      }
    })();
    const second: string[] = [];
    for (const to of recipients('0101', MESSAGES / 2, 101)) second.push(await world.api.send(aText(to)));
    await sleep(500);
    isRunning = false;
    await emptying;
    expect(emptied).toBeGreaterThan(5);

    const ids = [...first, ...second];
    await world.untilRead(ids);
    await expectSentOnce(world, ids);
    expect(await world.simulator.log()).toHaveLength(MESSAGES);
    await world.simulator.idle();
    await eventually(() => expectInvariants(world));
  });
});

/** Messages named by the jobs in the queue. */
async function jobsIn(world: World): Promise<number> {
  return (await world.queue.dump()).match(/messageIds/g)?.length ?? 0;
}
