import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HoldService } from '#delivery';
import { Logger } from '#observability';
import { A_SENDER, aMessage, type MessageOverrides } from '#testing';
import { aDelivery, anInbound, aStatus, type IntakeWorld, openIntakeWorld } from './specs/intake-world.js';

let world: IntakeWorld;
beforeAll(async () => {
  world = await openIntakeWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.run('TRUNCATE marketing_suppression, marketing_choice_told');
});

const RECIPIENT = '15550100777';
/** A message that Meta took, and then reported as failed with this code. @returns its inbox id */
async function fail(code: number | null, overrides: MessageOverrides = {}) {
  const { id } = await aMessage(world.database, { state: 'accepted', recipient: RECIPIENT, ...overrides });
  const wamid = `wamid.${id}`;
  const errors = code === null ? undefined : [{ code, title: 'x' }];
  const inboxId = await world.store(
    aDelivery({ statuses: [aStatus({ wamid, status: 'failed', opaque: `a1.${id}.1`, errors })] }),
  );
  await world.newIntake().apply();
  expect(await world.message(id)).toMatchObject({ state: 'accepted', waErrorCode: code === 0 ? null : code });
  return inboxId;
}
const holds = () => world.database.prisma.hold.findMany({ orderBy: { scope: 'asc' } });
const alerts = () => world.database.prisma.alert.findMany();
const hours = (until: Date | null) => Math.round(((until?.getTime() ?? 0) - Date.now()) / 3_600_000);
const { phoneNumberId, wabaId } = A_SENDER;

describe('a failed status holds back what is to come', () => {
  it.each([
    [190, 'access_token', null],
    [131042, 'waba', wabaId],
    [368, 'waba', wabaId],
    [131045, 'sender', phoneNumberId],
  ])('%i pauses the %s, with one alert', async (code, scope, scopeId) => {
    await fail(code);
    await fail(code);
    expect(await holds()).toMatchObject([{ scope, until: null, errorCode: code, ...(scopeId ? { scopeId } : {}) }]);
    expect(await alerts()).toMatchObject([{ kind: 'sending_paused', scope, count: 2, closedAt: null }]);
  });

  it.each([
    ['without a code, which stands as 0, pauses nothing', null, []],
    ['of code 0 pauses the access token', 0, ['access_token']],
  ])('one %s', async (_name, code, scopes) => {
    await fail(code);
    expect((await holds()).map(({ scope }) => scope)).toEqual(scopes);
  });

  it('a code that nobody knows holds nothing, and opens an alert', async () => {
    await fail(999_001);
    expect(await holds()).toEqual([]);
    expect(await alerts()).toMatchObject([
      { kind: 'error_code_unknown', scope: 'error_code', scopeId: '999001', closedAt: null },
    ]);
  });

  it('132016 pauses its template, though it is an end', async () => {
    const template = { name: 'a_template', language: { code: 'en' } };
    await fail(132016, { type: 'template', content: { type: 'template', template } });
    expect(await holds()).toMatchObject([{ scope: 'template', scopeId: `${wabaId}:a_template:en`, errorCode: 132016 }]);
    expect(await alerts()).toMatchObject([{ kind: 'sending_paused', scope: 'template', closedAt: null }]);
  });

  it.each([
    [130429, 'sender', phoneNumberId],
    [131056, 'pair', `${phoneNumberId}:${RECIPIENT}`],
  ])('%i holds the %s for a while, without an alert', async (code, scope, scopeId) => {
    await fail(code);
    const [hold] = await holds();
    expect(hold).toMatchObject({ scope, scopeId, errorCode: code });
    expect(hold!.until!.getTime()).toBeGreaterThan(Date.now());
    expect(await alerts()).toEqual([]);
  });

  it('131049 holds marketing to the contact for 24, 48 and then 72 hours', async () => {
    for (const expected of [24, 48, 72, 72]) {
      await fail(131049, { category: 'marketing' });
      const [hold] = await holds();
      expect(hold).toMatchObject({ scope: 'contact_marketing', scopeId: RECIPIENT });
      expect(hours(hold!.until)).toBe(expected);
      // Another one while it stands makes it no longer.
      await fail(131049, { category: 'marketing' });
      expect((await holds())[0]!.until).toEqual(hold!.until);
      await world.run(`UPDATE hold SET until = now() - interval '1 hour'`);
    }
  });

  it('131049 holds marketing to the contact under each of its identifiers, and an operator lifts them together', async () => {
    const [number, otherForm, userId] = ['5511987650777', '551187650777', 'US.131049'];
    const heard = { ...anInbound('wamid.131049'), from: number, from_user_id: userId };
    await world.store(aDelivery({ contacts: [{ wa_id: number, user_id: userId }], messages: [heard] }));
    await world.newIntake().apply();
    for (const expected of [24, 48]) {
      const to = expected === 24 ? { recipient: otherForm } : { recipient: number };
      await fail(131049, { category: 'marketing', ...to });
      const found = await holds();
      expect(found.map(({ scopeId }) => scopeId).sort()).toEqual([otherForm, number, userId].sort());
      expect(found.map(({ until }) => hours(until))).toEqual([expected, expected, expected]);
      if (expected === 24) await world.run(`UPDATE hold SET until = now() - interval '1 hour'`);
    }
    const service = new HoldService(world.database, Logger.create('silent'));
    expect(await service.release({ scope: 'contact_marketing', scopeId: otherForm })).toBe(true);
    expect(await holds()).toEqual([]);
  });

  it('131050 ends marketing to the contact for good', async () => {
    await fail(131050, { category: 'marketing' });
    await fail(131050, { category: 'marketing' });
    expect(await world.database.prisma.marketingSuppression.findMany()).toMatchObject([
      { wabaId, recipient: RECIPIENT, reason: 'meta_131050' },
    ]);
    expect(await holds()).toEqual([]);
  });

  it.each([131026, 131047, 132000])('%i concerns its message alone', async (code) => {
    await fail(code);
    expect([await holds(), await alerts()]).toEqual([[], []]);
  });

  it('once: applied again it changes nothing', async () => {
    const inboxId = await fail(131042);
    const once = await world.dump();
    await world.waitAgain(inboxId);
    await world.newIntake().apply();
    expect(await world.dump()).toEqual(once);
  });
});

describe('an error that Meta reports of no message', () => {
  const report = async (...codes: (number | undefined)[]) => {
    await world.store(aDelivery({ errors: codes.map((code) => ({ code, title: 'Meta’s own words' })) }));
    await world.newIntake().apply();
  };

  it('opens one alert for its number, with what to do, and holds nothing', async () => {
    await report(131031, 131031);
    expect(await alerts()).toMatchObject([
      { kind: 'account_error', scope: 'sender', scopeId: phoneNumberId, count: 2 },
    ]);
    expect((await alerts())[0]?.advice).toContain('131031');
    expect(await holds()).toEqual([]);
  });

  it.each([
    ['that nobody knows', 999_001, '999001, Meta’s own words'],
    ['without a code', undefined, 'no code, Meta’s own words'],
  ])('%s is told in Meta’s words', async (_name, code, words) => {
    await report(code);
    expect((await alerts()).map(({ advice }) => advice)).toEqual([expect.stringContaining(words)]);
  });

  it('opens none where it passes by itself, or the number is not ours', async () => {
    await report(130429);
    const elsewhere = { phoneNumberId: '899999999999999', wabaId };
    await world.store(aDelivery({ errors: [{ code: 131031, title: 'x' }] }, elsewhere));
    await world.newIntake().apply();
    expect(await alerts()).toEqual([]);
  });
});
