import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { aText, type Problem } from './world/herald-api.js';
import { call } from './world/http.js';
import { startLoad } from './world/load.js';
import { expectInvariants, expectSentOnce, untilReadOrUnproven } from './world/oracle.js';
import { recipients } from './world/senders.js';
import { startStoppablePostgres, type StoppablePostgres } from './world/stoppable-postgres.js';
import { aNotification, postWebhook } from './world/webhook.js';
import { APP_SECRET, HERALD, World } from './world/world.js';

describe('a database that was down costs nothing but time', () => {
  let postgres: StoppablePostgres;
  let world: World;
  beforeAll(async () => {
    postgres = await startStoppablePostgres();
    world = await World.start({ databaseUrl: postgres.url });
  });
  afterAll(async () => {
    await world.stop();
    await postgres.remove();
  });

  const ready = async (name: (typeof HERALD)[number]) =>
    (await call('GET', `${world.urlOf(name)}/health/ready`)).status;
  const pids = () => HERALD.map((name) => world.process(name).pid);
  const stored = async () => (await world.query<{ id: string }>('SELECT id FROM message')).map(({ id }) => id);

  it('while it is stopped the api and the webhooks answer 503, and nobody gives up', async () => {
    const before = pids();
    // On the wire while it goes: the answers cannot be written down, and the statuses cannot be stored.
    const slow = await world.api.sendAll(recipients('01102', 5).map((to) => aText(to)));
    await world.simulator.arrived(slow.length);
    await postgres.stop();

    const refused = await world.api.call<Problem>('POST', '/v1/messages', { body: aText('+15550100101') });
    expect(refused).toMatchObject({ status: 503, json: { code: 'database_unavailable', status: 503 } });
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await postWebhook(world.urlOf('webhooks'), aNotification({ statuses: [] }), APP_SECRET)).status).toBe(503);
    for (const name of HERALD) {
      expect(await ready(name)).toBe(503);
      expect((await call('GET', `${world.urlOf(name)}/health/live`)).status).toBe(200);
    }
    await sleep(3_000);
    await postgres.start();

    await eventually(async () => expect(await Promise.all(HERALD.map(ready))).toEqual([200, 200, 200]));
    const after = await world.api.sendAll(recipients('0100', 10, 101).map((to) => aText(to)));
    await world.untilRead([...slow, ...after]);
    await expectSentOnce(world, [...slow, ...after]);
    expect(pids()).toEqual(before);
  });

  it('when it is killed under load, what was accepted is there afterwards, and is sent once', async () => {
    const load = startLoad(world, '0101');
    await eventually(() => load.accepted.length > 30, { intervalMs: 5 });
    await postgres.kill();
    await eventually(() => load.failed > 0);
    await postgres.start();
    const before = load.accepted.length;
    await eventually(() => load.accepted.length > before + 30);
    await load.stop();

    const ids = await stored();
    expect(ids).toEqual(expect.arrayContaining(load.accepted));
    const unproven = await untilReadOrUnproven(world, ids);
    await expectSentOnce(
      world,
      ids.filter((id) => !unproven.includes(id)),
    );
    await world.simulator.idle();
    await eventually(() => expectInvariants(world));
  });
});
