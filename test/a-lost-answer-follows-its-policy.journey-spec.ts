import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { aText } from './world/herald-api.js';
import { recipients } from './world/senders.js';
import { World } from './world/world.js';

const GRACE_MS = 2_000;
const MAX_GRACE_MS = 12_000;

describe('a lost answer of which nothing is heard follows its policy', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({
      env: {
        UNCERTAIN_GRACE_MS: String(GRACE_MS),
        UNCERTAIN_MAX_GRACE_MS: String(MAX_GRACE_MS),
        CHANNEL_SETTLE_MS: '500',
        RESOLVE_INTERVAL_MS: '200',
      },
    });
  });
  afterAll(() => world.stop());

  const sends = async (to: string) => (await world.simulator.log()).filter(({ recipient }) => recipient === to);
  /** Statuses of other messages: they show that Meta's channel has come so far. */
  const keepTalking = () => {
    const numbers = recipients('010', 60, 201);
    const timer = setInterval(
      () => void world.api.send(aText(numbers.shift() ?? '+15550100299')).catch(() => undefined),
      500,
    );
    return () => clearInterval(timer);
  };

  it('at_least_once is sent again, at_most_once and what had a 2xx line are not', async () => {
    const [closedOnce = ''] = recipients('0116', 1, 101);
    const [closed = ''] = recipients('01501', 1);
    const [garbage = ''] = recipients('01512', 1);
    const [again = '', once = '', taken = ''] = await world.api.sendAll([
      aText(closedOnce),
      aText(closed, { deliveryPolicy: 'at_most_once' }),
      aText(garbage),
    ]);
    const stopTalking = keepTalking();
    await world.untilRead([again]);
    await world.until([once, taken], "state = 'unknown' AND reason = 'never_proved'");
    stopTalking();
    expect([await sends(closedOnce), await sends(closed), await sends(garbage)].map(({ length }) => length)).toEqual([
      2, 1, 1,
    ]);
    expect((await world.api.timeline(again)).map(({ what, who }) => `${what} ${who}`)).toEqual(
      expect.arrayContaining([
        'message.uncertain worker',
        'message.queued resolver',
        // A status of the second may be applied before the worker has written Meta's answer.
        expect.stringMatching(/^message\.accepted (worker|meta)$/),
      ]),
    );
    expect(await world.api.message(once)).toMatchObject({ state: 'unknown', error: { code: 'never_proved' } });
  });

  it('waits while Meta says nothing of anything, and goes on when that has lasted', async () => {
    await world.simulator.pauseWebhooks();
    const startedAt = Date.now();
    const [to = ''] = recipients('0116', 1, 102);
    const id = await world.api.send(aText(to));
    await world.until([id], "state = 'uncertain'");
    await eventually(() => Date.now() - startedAt > GRACE_MS * 3, { timeoutMs: GRACE_MS * 5 });
    expect(await world.api.message(id)).toMatchObject({ state: 'uncertain', waitsFor: 'evidence' });
    await world.until([id], "state = 'accepted'");
    expect(Date.now() - startedAt).toBeGreaterThan(MAX_GRACE_MS);
    await world.simulator.resumeWebhooks();
    await world.untilRead([id]);
    expect(await sends(to)).toHaveLength(2);
  });
});
