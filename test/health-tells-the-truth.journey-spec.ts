import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, currentBackend, eventually, type TestDatabase } from '#testing';
import { type Gate, openGate } from './world/gate.js';
import { aText } from './world/herald-api.js';
import { call } from './world/http.js';
import { recipients } from './world/senders.js';
import { HERALD, type ProcessName, World } from './world/world.js';

/** An orchestrator's patience. */
const PATIENCE_MS = 5_000;

describe(`health tells the truth (${currentBackend()})`, () => {
  let database: TestDatabase;
  let gate: Gate;
  let world: World;
  beforeAll(async () => {
    database = await createTestDatabase();
    gate = await openGate(database.url);
    world = await World.start({ databaseUrl: gate.url });
  });
  afterAll(async () => {
    await world.stop();
    await gate.shut();
    await database.drop();
  });

  const health = async (name: ProcessName, path: 'live' | 'ready') => {
    const { status, json } = await call<{ status: string }>('GET', `${world.urlOf(name)}/health/${path}`, {
      timeoutMs: PATIENCE_MS,
    });
    return `${status} ${json.status}`;
  };
  const of = (path: 'live' | 'ready') => Promise.all(HERALD.map((name) => health(name, path)));
  const UP = ['200 up', '200 up', '200 up'];

  it('all is well: alive and ready', async () => {
    expect(await of('live')).toEqual(UP);
    expect(await of('ready')).toEqual(UP);
  });

  it('without Postgres: alive and not ready, until it is back', async () => {
    await gate.shut();
    expect(await of('live')).toEqual(UP);
    expect(await of('ready')).toEqual(['503 down', '503 down', '503 down']);
    await gate.open();
    await eventually(async () => expect(await of('ready')).toEqual(UP));
  });

  it('with a Postgres that hangs: not ready within an orchestrator’s patience', async () => {
    gate.freeze();
    expect(await of('live')).toEqual(UP);
    expect(await of('ready')).toEqual(['503 down', '503 down', '503 down']);
    gate.thaw();
    await eventually(async () => expect(await of('ready')).toEqual(UP), { timeoutMs: 30_000 });
  });

  it('without the queue: the api stays ready, and says so where the queue is a server of its own', async () => {
    await world.queue.goDown();
    try {
      const ready = currentBackend() === 'redis' ? '200 degraded' : '200 up';
      await eventually(async () => expect(await health('api', 'ready')).toBe(ready));
    } finally {
      await world.queue.comeBack();
    }
    await eventually(async () => expect(await of('ready')).toEqual(UP));
  });

  it('while it stops with work in its hands: not ready, from the first moment to the last', async () => {
    const before = (await world.simulator.log()).length;
    const ids = await world.api.sendAll(recipients('01102', 3).map((to) => aText(to)));
    await world.simulator.arrived(before + ids.length);
    let isEnded = false;
    const ended = world.terminate('worker').finally(() => (isEnded = true));
    const isReady = () =>
      health('worker', 'ready').then(
        (answer) => answer.startsWith('200'),
        () => false,
      );
    await eventually(async () => !(await isReady()), { intervalMs: 10 });
    while (!isEnded) {
      expect(await isReady()).toBe(false);
      await sleep(20);
    }
    expect(await ended).toEqual([{ code: 0, signal: null }]);
  });
});
