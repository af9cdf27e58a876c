import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { currentBackend, eventually } from '#testing';
import { aText } from './world/herald-api.js';
import { call } from './world/http.js';
import { expectInvariants, expectSentOnce } from './world/oracle.js';
import { recipients } from './world/senders.js';
import { HERALD, World } from './world/world.js';

/** The fast path gives the queue 250 ms; waiting for it would take 3 s. The rest is for a busy machine. */
const AT_ONCE_MS = 2_900;

describe(`a queue that is down stops no accepting (${currentBackend()})`, () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world.stop());

  it('messages are accepted while it is down, and sent once each when it is back', async () => {
    await world.queue.goDown();
    const ids: string[] = [];
    for (const to of recipients('0100', 10, 101)) {
      const started = performance.now();
      ids.push(await world.api.send(aText(to)));
      expect(performance.now() - started).toBeLessThan(AT_ONCE_MS);
    }
    await sleep(1_000);
    ids.push(...(await world.api.sendAll(recipients('0100', 50, 201).map((to) => aText(to)))));
    await world.queue.comeBack();
    await world.untilRead(ids);
    await expectSentOnce(world, ids);
  });

  it('every process stays alive, and the api stays ready', async () => {
    await world.queue.goDown();
    try {
      for (const name of HERALD) expect((await call('GET', `${world.urlOf(name)}/health/live`)).status).toBe(200);
      const ready = await call('GET', `${world.urlOf('api')}/health/ready`);
      expect(ready.status).toBe(200);
    } finally {
      await world.queue.comeBack();
    }
  });

  it('processes that start while it is down go to work when it is back', async () => {
    await world.kill('api', 'worker');
    await world.queue.goDown();
    const starting = Promise.all([
      world.startWith('api', {}, { readyPath: '/health/live' }),
      world.startWith('worker', {}, { readyPath: null }),
    ]);
    await sleep(3_000);
    await world.queue.comeBack();
    await starting;
    await eventually(async () => (await call('GET', `${world.urlOf('worker')}/health/ready`)).status === 200);
    const ids = await world.api.sendAll(recipients('0100', 10, 301).map((to) => aText(to)));
    await world.untilRead(ids);
    await expectSentOnce(world, ids);
    await eventually(() => expectInvariants(world));
  });
});
