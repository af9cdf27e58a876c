import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { aTemplate, aText } from './world/herald-api.js';
import { expectInvariants, expectSentOnce } from './world/oracle.js';
import { recipients } from './world/senders.js';
import { World } from './world/world.js';

const [ANN = '', BEN = '', CLEO = '', STRANGER = ''] = recipients('010', 4, 101);
const UTC = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

describe('a message is delivered and read', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ simulator: { SIMULATOR_ENFORCE_WINDOW: 'true' } });
    for (const from of [ANN, BEN, CLEO]) await world.simulator.inbound({ from, text: 'Hello' });
  });
  afterAll(() => world.stop());

  it.each([
    ['text', aText(ANN)],
    ['location', aText(BEN, { message: { type: 'location', location: { latitude: 0, longitude: -0.5, name: '' } } })],
    ['template', aTemplate(CLEO, 'hello_customer')],
  ])('of type %s', async (type, message) => {
    const id = await world.api.send(message);
    await world.untilRead([id]);
    const view = await world.api.message(id);
    expect(view).toMatchObject({
      id,
      to: message.to,
      type,
      message: message.message,
      state: 'accepted',
      status: 'read',
      error: null,
      warnings: [],
      attempts: 1,
      waitsFor: null,
      waitsUntil: null,
      sentAt: expect.stringMatching(UTC),
      deliveredAt: expect.stringMatching(UTC),
      readAt: expect.stringMatching(UTC),
      failedAt: null,
    });

    const [send, ...others] = (await world.simulator.log()).filter(({ recipient }) => recipient === message.to);
    expect(others).toEqual([]);
    expect(send).toMatchObject({ attemptId: `a1.${id}.1`, type, outcome: 'accepted', wamid: view.waWamid });

    // Read may be told before delivered.
    const timeline = await eventually(async () => {
      const entries = await world.api.timeline(id);
      expect(entries).toHaveLength(7);
      return entries;
    });
    expect(timeline.map(({ kind, what, who }) => `${kind} ${what} ${who}`)).toEqual(
      expect.arrayContaining([
        'event message.queued api',
        'event message.sending worker',
        'attempt accepted worker',
        // A status may be applied before the worker has written Meta's answer: it is Meta then who told of it.
        expect.stringMatching(/^event message\.accepted (worker|meta)$/),
        'status sent meta',
        'status delivered meta',
        'status read meta',
      ]),
    );
    expect(timeline[0]).toMatchObject({ what: 'message.queued' });
    expect(timeline.map(({ at }) => at)).toEqual(timeline.map(({ at }) => at).toSorted());
  });

  it('each fact is one event, and the customers’ own messages are kept', async () => {
    const events = await world.query<{ type: string; count: number }>(
      'SELECT type, count(*)::int AS count FROM event WHERE message_id IS NOT NULL GROUP BY type ORDER BY type',
    );
    const each = (type: string) => ({ type: `message.${type}`, count: 3 });
    expect(events).toEqual(['accepted', 'delivered', 'queued', 'read', 'sending', 'sent'].map(each));
    expect(await world.query('SELECT contact FROM inbound_message ORDER BY contact')).toEqual(
      [ANN, BEN, CLEO].map((number) => ({ contact: number.slice(1) })),
    );
  });

  it('reports have it, and the worker has counted its hour', async () => {
    const counted = 'SELECT sum(messages)::int AS messages, sum(read)::int AS read FROM';
    expect(await world.query(`${counted} reporting.delivery`)).toEqual([{ messages: 3, read: 3 }]);
    await eventually(async () => (await world.query('SELECT FROM hour_touched')).length === 0, { timeoutMs: 20_000 });
    expect(await world.query(`${counted} delivery_hour`)).toEqual([{ messages: 3, read: 3 }]);
  });

  it('one to somebody who never wrote is taken by Meta, then failed, with what to do about it', async () => {
    const id = await world.api.send(aText(STRANGER));
    await eventually(async () => (await world.api.message(id)).status === 'failed');
    expect(await world.api.message(id)).toMatchObject({
      state: 'accepted',
      status: 'failed',
      attempts: 1,
      error: { code: 131047, advice: expect.stringContaining('template') },
      failedAt: expect.stringMatching(UTC),
    });
  });

  it('and nothing is sent twice or left over', async () => {
    const ids = (await world.query<{ id: string }>('SELECT id FROM message')).map(({ id }) => id);
    await world.simulator.idle();
    await expectSentOnce(world, ids);
    await eventually(() => expectInvariants(world));
  });
});
