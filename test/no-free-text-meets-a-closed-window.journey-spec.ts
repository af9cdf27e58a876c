import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { expectInvariants, expectSentOnce, sendsOf } from './world/oracle.js';
import { recipients, SENDER } from './world/senders.js';
import { World } from './world/world.js';

const DAY = 24 * 3_600;
const EACH = 20;
const FALLBACK = { type: 'template', template: { name: 'resume_chat', language: { code: 'en' } } };

/** When contacts wrote last, seconds ago (null: never), and what goes out to them. */
const CONTACTS: readonly { name: string; wrote: number | null; goesOut: 'text' | 'template' }[] = [
  { name: 'wrote just now', wrote: 0, goesOut: 'text' },
  { name: 'wrote hours ago, told of late', wrote: 10 * 3_600, goesOut: 'text' },
  { name: 'wrote 24 hours less five minutes ago', wrote: DAY - 300, goesOut: 'text' },
  // Open at Meta still, and too short for a request to be sure of it.
  { name: 'wrote 24 hours less half a minute ago', wrote: DAY - 30, goesOut: 'template' },
  { name: 'wrote 24 hours and a second ago', wrote: DAY + 1, goesOut: 'template' },
  { name: 'wrote two days ago', wrote: 2 * DAY, goesOut: 'template' },
  { name: 'never wrote', wrote: null, goesOut: 'template' },
];
const groups = CONTACTS.map((contact, index) => ({
  ...contact,
  numbers: recipients('010', EACH, 1_000 + index * EACH),
}));

describe('free-form messages', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ simulator: { SIMULATOR_ENFORCE_WINDOW: 'true', SIMULATOR_BATCH_SIZE: '100' } });
  });
  afterAll(() => world.stop());

  const writes = (from: string, secondsAgo: number) => {
    const timestamp = String(Math.floor(Date.now() / 1_000) - secondsAgo);
    return world.simulator.inbound({ from, message: { type: 'text', text: { body: 'Hello' }, timestamp } });
  };
  /** Everything that customers wrote is known. */
  const heard = async () => {
    await world.simulator.idle();
    await eventually(async () => expect(await world.query('SELECT 1 FROM inbox_work')).toEqual([]));
  };
  const send = (to: string, overrides: object = {}) =>
    world.api.send({ from: SENDER, to, message: { type: 'text', text: { body: 'Hello again' } }, ...overrides });
  const outside = async () => (await world.simulator.stats()).failedStatuses['131047'] ?? 0;

  it('go into open windows, and as their fallbacks to everybody else: no 131047 of Meta', async () => {
    // As if webhooks had come for two days: what was not heard was not written.
    await writes(groups[0]!.numbers[0]!, 0);
    await heard();
    await world.query(`UPDATE sender SET listening_since = now() - interval '48 hours'`);
    for (const { numbers, wrote } of groups)
      if (wrote !== null) await Promise.all(numbers.map((number) => writes(number, wrote)));
    await heard();

    const sent = await Promise.all(
      groups.flatMap(({ name, numbers, goesOut }) =>
        numbers.map(async (to) => ({ name, goesOut, id: await send(to, { windowFallback: FALLBACK }) })),
      ),
    );
    const ids = sent.map(({ id }) => id);
    await world.untilRead(ids);
    await world.simulator.idle();
    const log = await world.simulator.log();
    expect(sent.map(({ name, id }) => [name, sendsOf(log, id).map(({ type }) => type)])).toEqual(
      sent.map(({ name, goesOut }) => [name, [goesOut]]),
    );
    expect(await outside()).toBe(0);
    await expectSentOnce(world, ids);
  });

  it('are not sent at all where there is no fallback', async () => {
    const closed = groups.find(({ name }) => name === 'wrote two days ago')!.numbers;
    const ids = await Promise.all(closed.map((to) => send(to)));
    await world.until(ids, "state = 'failed' AND reason = 'window_closed'");
    const log = await world.simulator.log();
    expect(ids.flatMap((id) => sendsOf(log, id))).toEqual([]);
    expect(await outside()).toBe(0);
  });

  it('go out again once the contact writes, and not once a window has ended meanwhile', async () => {
    const back = groups.find(({ name }) => name === 'wrote two days ago')!.numbers;
    await Promise.all(back.map((number) => writes(number, 0)));
    // Open for another eight seconds, by our clock.
    const ending = recipients('010', EACH, 2_000);
    await Promise.all(ending.map((number) => writes(number, DAY - 68)));
    await heard();
    const sendAt = new Date(Date.now() + 10_000).toISOString();
    const late = await Promise.all(ending.map((to) => send(to, { sendAt, windowFallback: FALLBACK })));
    const reopened = await Promise.all(back.map((to) => send(to)));
    await world.untilRead([...reopened, ...late]);
    await world.simulator.idle();
    const log = await world.simulator.log();
    const typesOf = (ids: string[]) => [...new Set(ids.flatMap((id) => sendsOf(log, id)).map(({ type }) => type))];
    expect([typesOf(reopened), typesOf(late)]).toEqual([['text'], ['template']]);
    expect(await outside()).toBe(0);
    expect(await world.query('SELECT 1 FROM attempt WHERE error_code = 131047')).toEqual([]);
    expect(await world.query('SELECT 1 FROM status_event WHERE code = 131047')).toEqual([]);
    expect(await world.query('SELECT 1 FROM window_closing')).toEqual([]);
    await eventually(() => expectInvariants(world));
  });

  it('would get 131047 if Herald did not look: this Meta enforces its windows', async () => {
    const id = await send(recipients('010', 1, 3_000)[0]!, { windowPolicy: 'trust_meta' });
    await eventually(async () => expect((await world.api.message(id)).error).toMatchObject({ code: 131047 }));
    expect(await outside()).toBe(1);
  });
});
