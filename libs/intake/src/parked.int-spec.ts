import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFixture } from '#graph-api';
import { A_SENDER, aSender } from '#testing';
import { ReleaseParkedService } from './release-parked.service.js';
import { aDelivery, anInbound, type IntakeWorld, openIntakeWorld } from './specs/intake-world.js';

const NEW = { phoneNumberId: '800000000000777', wabaId: '900000000000777' };
let world: IntakeWorld;
let parking: ReleaseParkedService;
beforeAll(async () => {
  world = await openIntakeWorld();
  parking = new ReleaseParkedService(world.database);
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.run('DELETE FROM sender WHERE phone_number_id <> $1', A_SENDER.phoneNumberId);
  await world.run('DELETE FROM waba WHERE id <> $1', A_SENDER.wabaId);
});

const come = async (...bodies: object[]) => {
  for (const body of bodies) await world.store(body);
  await world.newIntake().apply();
};
const wrote = (wamid: string, to = NEW) => aDelivery({ messages: [anInbound(wamid)] }, to);
const heard = async () =>
  (await world.database.prisma.inboundMessage.findMany({ orderBy: { wamid: 'asc' } })).map(({ wamid }) => wamid);
const waiting = async () => (await world.run('SELECT 1 FROM inbox_parked')).length;

describe('a notification of a number that is not ours', () => {
  it('waits until it is, and is applied then', async () => {
    await come(wrote('in.1'), wrote('in.2'), wrote('in.ours', A_SENDER));
    expect([await heard(), await waiting(), await parking.release()]).toEqual([['in.ours'], 2, 0]);
    expect(await world.database.prisma.inboxUnhandled.findMany()).toMatchObject([
      { kind: 'unknown_sender', count: 2n },
    ]);
    await aSender(world.database, NEW);
    expect([await parking.release(), await waiting()]).toEqual([2, 0]);
    await world.newIntake().apply();
    expect(await heard()).toEqual(['in.1', 'in.2', 'in.ours']);
    expect(await parking.release()).toBe(0);
  });

  it('waits while the number is another account’s', async () => {
    await come(wrote('in.1', { ...A_SENDER, wabaId: NEW.wabaId }));
    expect([await parking.release(), await waiting()]).toEqual([0, 1]);
    await aSender(world.database, NEW);
    expect([await parking.release(), await waiting()]).toEqual([0, 1]);
  });

  it('is applied once, however many of its items waited', async () => {
    await come(aDelivery({ messages: [anInbound('in.1'), anInbound('in.2')] }, NEW));
    expect(await waiting()).toBe(1);
    await aSender(world.database, NEW);
    expect(await parking.release()).toBe(1);
    expect(await world.newIntake().apply()).toBe(1);
    expect(await heard()).toEqual(['in.1', 'in.2']);
  });

  it('is forgotten when it is no longer kept', async () => {
    await come(wrote('in.1'));
    await world.run(`INSERT INTO retention (kept_from) VALUES (now() + interval '1 day')`);
    try {
      await parking.release();
      expect(await waiting()).toBe(0);
    } finally {
      await world.run('DELETE FROM retention');
    }
  });
});

describe('a notification of an account that is not ours', () => {
  it('waits until it is', async () => {
    const body = JSON.parse(readFixture('webhooks', 'capability_250.json')) as { entry: { id: string }[] };
    body.entry[0]!.id = NEW.wabaId;
    await come(body);
    expect([await parking.release(), await waiting()]).toEqual([0, 1]);
    await aSender(world.database, NEW);
    expect([await parking.release(), await waiting()]).toEqual([1, 0]);
    expect(await world.newIntake().apply()).toBe(1);
    expect(await world.run('SELECT 1 FROM account_fact WHERE waba_id = $1', NEW.wabaId)).not.toEqual([]);
  });
});
