import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { openGate, type Gate } from './world/gate.js';
import { aText } from './world/herald-api.js';
import { expectInvariants, expectSentOnce } from './world/oracle.js';
import { aSender, recipients, SENDERS } from './world/senders.js';
import { World } from './world/world.js';

const [SHOP = '', BANK = ''] = SENDERS;

describe('a message that Meta does not take yet', () => {
  let world: World;
  let gate: Gate;
  beforeAll(async () => {
    world = await World.start({ senders: 2, processes: ['api', 'webhooks'] });
    gate = await openGate(world.simulator.url);
    await world.startWith('worker', { GRAPH_API_BASE_URL: gate.url.replace(/\/$/, '') });
  });
  afterAll(async () => {
    await world.stop();
    await gate.shut();
  });

  it('because the sender is too fast goes later, and burns nothing', async () => {
    await world.simulator.change({ throughputPerSecond: 20 });
    const ids = await world.api.sendAll(recipients('0100', 40, 101).map((to) => aText(to, { from: SHOP })));
    const others = await world.api.sendAll(recipients('0100', 5, 301).map((to) => aText(to, { from: BANK })));
    await eventually(async () => expect((await world.simulator.log()).some(({ code }) => code === 130429)).toBe(true));
    await world.untilRead(others);
    await world.untilRead(ids);
    await world.simulator.change({ throughputPerSecond: 0 });
    await expectSentOnce(world, [...ids, ...others]);
    expect(await world.query('SELECT DISTINCT burned FROM message')).toEqual([{ burned: 0 }]);
    // A hold keeps the rest away from Meta: not each of them learns for itself that it is too early.
    expect((await world.simulator.log()).length).toBeLessThan(2 * ids.length + others.length);
  });

  it('because its access token was refused waits with its sender, until there is a new one', async () => {
    await world.simulator.change({ accessTokens: [aSender(BANK).accessToken] });
    const before = (await world.simulator.log()).length;
    const first = await world.api.send(aText('+15550100401', { from: SHOP }));
    await eventually(async () =>
      expect(await world.api.message(first)).toMatchObject({ state: 'queued', waitsFor: 'hold.access_token' }),
    );
    const waiting = [
      first,
      ...(await world.api.sendAll(recipients('0100', 9, 402).map((to) => aText(to, { from: SHOP })))),
    ];
    const others = await world.api.sendAll(recipients('0100', 10, 421).map((to) => aText(to, { from: BANK })));
    await world.untilRead(others);

    for (const id of waiting) {
      expect(await world.api.message(id)).toMatchObject({
        state: 'queued',
        waitsFor: 'hold.access_token',
        waitsUntil: null,
      });
    }
    expect(await world.query(`SELECT kind, scope FROM alert WHERE closed_at IS NULL`)).toEqual([
      { kind: 'sending_paused', scope: 'access_token' },
    ]);
    const refused = async () => (await world.simulator.log()).slice(before).filter(({ code }) => code === 190).length;
    expect(await refused()).toBe(1);

    await world.simulator.change({ accessTokens: [aSender(BANK).accessToken, 'EAAnewtoken'] });
    await world.api.create('/v1/senders', { ...aSender(SHOP), accessToken: 'EAAnewtoken' });
    await world.untilRead(waiting);
    await expectSentOnce(world, waiting);
    // Other processes may use what they know of a sender for some seconds; that is no reason to ask Meta again and again.
    expect(await refused()).toBeLessThan(5);
    await world.simulator.change({ accessTokens: [] });
  });

  it('because Meta cannot be reached goes as soon as it can, and burns nothing', async () => {
    const before = (await world.simulator.log()).length;
    await gate.shut();
    const ids = await world.api.sendAll(recipients('0100', 10, 501).map((to) => aText(to, { from: BANK })));
    await world.until(ids, "attempt_no > 1 AND state IN ('queued', 'sending')");
    expect(
      await world.query(
        `SELECT DISTINCT state FROM attempt WHERE message_id = ANY($1::uuid[]) AND state <> 'started'`,
        [ids],
      ),
    ).toEqual([{ state: 'not_sent' }]);
    await gate.open();
    await world.untilRead(ids);
    expect((await world.simulator.log()).length - before).toBe(ids.length);
    expect(await world.query('SELECT DISTINCT burned FROM message')).toEqual([{ burned: 0 }]);
    await expectSentOnce(world, ids);
    await eventually(() => expectInvariants(world));
  });
});
