import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ErrorScope, SendOutcome } from '#graph-api';
import type { SendPlace } from './domain/hold-policy.js';
import { setHolds } from './queries/hold.query.js';
import { type DeliveryWorld, openDeliveryWorld } from './specs/delivery-world.js';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await openDeliveryWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.run('TRUNCATE hold, alert'));

const place: SendPlace = {
  appId: 'an-app',
  accessTokenId: 'a-token',
  portfolioId: 'a-portfolio',
  wabaId: 'a-waba',
  phoneNumberId: '800000000000001',
  recipient: '15550100101',
  templateKey: 'a_template',
};
type Throttled = Extract<SendOutcome, { kind: 'throttled' }>;
const answer = (scope: ErrorScope, action: 'RATE' | 'PAUSE', rest: Partial<Throttled> = {}): Throttled => ({
  kind: 'throttled',
  code: action === 'PAUSE' ? 190 : 130429,
  scope,
  action,
  httpStatus: 400,
  error: { code: 0, title: `${action} of ${scope}`, details: '' },
  ...rest,
});
const rows = () => world.database.prisma.hold.findMany();
const alerts = () => world.database.prisma.alert.findMany({ orderBy: { openedAt: 'asc' } });
/** As if the hold had ended `ms` ago. */
const endedAgo = (ms: number) => world.run(`UPDATE hold SET until = now() - $1 * interval '1 ms'`, ms);

describe('a throttled answer', () => {
  it.each<[ErrorScope, string, string]>([
    ['app', 'app', 'an-app'],
    ['access_token', 'access_token', 'a-token'],
    ['portfolio', 'portfolio', 'a-portfolio'],
    ['waba', 'waba', 'a-waba'],
    ['sender', 'sender', '800000000000001'],
    ['pair', 'pair', '800000000000001:15550100101'],
    ['recipient', 'pair', '800000000000001:15550100101'],
    ['template', 'template', 'a-waba:a_template'],
  ])('about the %s holds it', async (scope, holdScope, scopeId) => {
    const waitMs = await world.holds.hold(answer(scope, 'RATE'), place);
    expect(await rows()).toMatchObject([
      { scope: holdScope, scopeId, reason: `RATE of ${scope}`, errorCode: 130429, step: 0 },
    ]);
    const until = (await rows())[0]!.until!;
    expect(waitMs! + 1_000).toBeGreaterThanOrEqual(until.getTime() - Date.now());
    expect(await alerts()).toEqual([]);
  });

  it('about the message alone holds nothing else, and lets it wait', async () => {
    expect(await world.holds.hold(answer('message', 'PAUSE', { waitMs: 900_000 }), place)).toBe(900_000);
    expect(await world.holds.hold(answer('message', 'RATE'), place)).toBeGreaterThanOrEqual(5_000);
    expect(await world.holds.hold(answer('template', 'PAUSE'), { ...place, templateKey: null })).toBeGreaterThanOrEqual(
      5_000,
    );
    expect(await rows()).toEqual([]);
  });

  it('that wants more time than usual gets it', async () => {
    expect(await world.holds.hold(answer('sender', 'RATE', { retryAfterMs: 120_000 }), place)).toBeGreaterThanOrEqual(
      120_000,
    );
  });
});

describe('a pause', () => {
  it('holds without an end and opens one alert, which counts', async () => {
    expect(await world.holds.hold(answer('access_token', 'PAUSE'), place)).toBeNull();
    expect(await world.holds.hold(answer('access_token', 'PAUSE'), place)).toBeNull();
    expect(await rows()).toMatchObject([{ scope: 'access_token', until: null, errorCode: 190 }]);
    expect(await alerts()).toMatchObject([
      { kind: 'sending_paused', scope: 'access_token', scopeId: 'a-token', count: 2, closedAt: null },
    ]);
    expect((await alerts())[0]?.advice).toMatch(/token/i);
  });

  it('is not ended, nor explained away, by a limit that is met beside it', async () => {
    await world.holds.hold(answer('sender', 'PAUSE'), place);
    expect(await world.holds.hold(answer('sender', 'RATE'), place)).toBeNull();
    expect(await rows()).toMatchObject([{ until: null, reason: 'PAUSE of sender', errorCode: 190 }]);
  });

  it('takes the place of a limit', async () => {
    await world.holds.hold(answer('sender', 'RATE'), place);
    await world.holds.hold(answer('sender', 'PAUSE'), place);
    expect(await rows()).toMatchObject([{ until: null, reason: 'PAUSE of sender' }]);
  });

  it('ends with its alert when an operator lifts it; the next one opens another', async () => {
    await world.holds.hold(answer('waba', 'PAUSE'), place);
    expect(await world.holds.release({ scope: 'waba', scopeId: 'a-waba' })).toBe(true);
    expect(await rows()).toEqual([]);
    expect((await alerts())[0]?.closedAt).not.toBeNull();
    expect(await world.holds.release({ scope: 'waba', scopeId: 'a-waba' })).toBe(false);
    await world.holds.hold(answer('waba', 'PAUSE'), place);
    expect(await alerts()).toMatchObject([{ count: 1 }, { count: 1, closedAt: null }]);
  });
});

describe('a limit', () => {
  it('met by a burst counts once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => world.holds.hold(answer('sender', 'RATE'), place)));
    const [first] = await rows();
    await Promise.all(Array.from({ length: 20 }, () => world.holds.hold(answer('sender', 'RATE'), place)));
    expect(await rows()).toMatchObject([{ step: 0 }]);
    // A second step would be twice as long as the longest first.
    expect((await rows())[0]!.until!.getTime() - first!.until!.getTime()).toBeLessThan(5_000);
    expect(first!.until!.getTime() - Date.now()).toBeLessThanOrEqual(5_000);
  });

  it('met first by two at once lasts as long as the longer of them says', async () => {
    const held = { scope: 'sender' as const, scopeId: '1', step: 0, reason: 'r', errorCode: null };
    await setHolds(world.database, [{ ...held, waitMs: 60_000 }]);
    await setHolds(world.database, [{ ...held, waitMs: 2_000 }]);
    expect((await rows())[0]!.until!.getTime() - Date.now()).toBeGreaterThan(50_000);
    await setHolds(world.database, [{ ...held, waitMs: null, reason: 'a pause', errorCode: 131048 }]);
    await setHolds(world.database, [{ ...held, waitMs: 2_000, errorCode: 130429 }]);
    expect(await rows()).toMatchObject([{ until: null, reason: 'a pause', errorCode: 131048 }]);
  });

  it('met again right after its end waits longer, to a cap; forgotten after five quiet minutes', async () => {
    const steps: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      await world.holds.hold(answer('sender', 'RATE'), place);
      steps.push((await rows())[0]!.step);
      expect((await rows())[0]!.until!.getTime() - Date.now()).toBeLessThanOrEqual(300_000);
      await endedAgo(1_000);
    }
    expect(steps).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await endedAgo(301_000);
    await world.holds.hold(answer('sender', 'RATE'), place);
    expect(await rows()).toMatchObject([{ step: 0 }]);
  });

  it('of a pair waits 6 s at first, 16 s and 64 s then, ten minutes at most', async () => {
    const waits: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      await world.holds.hold(answer('pair', 'RATE'), place);
      waits.push(Math.round(((await rows())[0]!.until!.getTime() - Date.now()) / 1_000));
      await endedAgo(1_000);
    }
    expect(waits).toEqual([6, 6, 16, 64, 256, 600]);
  });
});
