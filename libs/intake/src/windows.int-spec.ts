import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WindowService } from '#conversations';
import { readFixture } from '#graph-api';
import { Logger } from '#observability';
import { A_SENDER, aMessage, anEnvironment } from '#testing';
import { aDelivery, anInbound, aStatus, type IntakeWorld, openIntakeWorld } from './specs/intake-world.js';

const { phoneNumberId } = A_SENDER;
const CONTACT = '15550100101';
let world: IntakeWorld;
beforeAll(async () => {
  world = await openIntakeWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.run('UPDATE sender SET listening_since = NULL, last_heard_at = NULL, expecting_since = NULL');
});

const hear = async (...bodies: unknown[]) => {
  for (const body of bodies) await world.store(body);
  await world.newIntake().apply();
};
const windowOf = (recipient: string) =>
  new WindowService(world.database, anEnvironment(), Logger.create('silent')).stateOf(
    { phoneNumberId, recipient },
    null,
  );
const sender = () => world.database.prisma.sender.findFirstOrThrow();

describe('what Meta tells', () => {
  it('opens the window of a contact who writes, and begins the listening', async () => {
    await hear(aDelivery({ messages: [anInbound('wamid.1')] }));
    expect(await windowOf(CONTACT)).toMatchObject({ name: 'open', isCertain: true, heardId: 'wamid.1' });
    expect(await windowOf('15550100999')).toMatchObject({ name: 'unknown' });
    const { listeningSince, lastHeardAt } = await sender();
    expect(listeningSince).not.toBeNull();
    expect(lastHeardAt).toEqual(listeningSince);
  });

  it('keeps a call, whichever of its events comes first; again changes nothing', async () => {
    const calls = () => world.database.prisma.inboundCall.findMany();
    for (const files of [
      ['calls_connect.json', 'calls_terminate.json'],
      ['calls_terminate.json', 'calls_connect.json', 'calls_terminate.json'],
    ]) {
      await world.clear();
      await hear(...files.map((file) => readFixture('webhooks', file)));
      const startedAt = new Date(Math.min(1_790_856_000_000, Date.now()));
      const [call] = await calls();
      expect(call).toMatchObject({ id: 'wacid.EXAMPLE0001', phoneNumberId, contact: '15550100001' });
      expect(Math.abs(call!.startedAt.getTime() - startedAt.getTime())).toBeLessThan(5_000);
      expect(await calls()).toHaveLength(1);
    }
    expect(await world.run('SELECT FROM inbox_unhandled')).toEqual([]);
  });

  it('closes the window by a failed status with 131047, as of the attempt, until the contact writes again', async () => {
    const { id, attempts } = await aMessage(world.database, { state: 'accepted', recipient: CONTACT });
    const failed = aStatus({
      wamid: `wamid.${id}`,
      status: 'failed',
      opaque: `a1.${id}.1`,
      errors: [{ code: 131047, title: 'Re-engagement message' }],
    });
    await hear(aDelivery({ statuses: [failed] }));
    expect(await windowOf(CONTACT)).toMatchObject({ name: 'closed', closedByMetaAt: attempts[0]!.startedAt });
    await hear(aDelivery({ messages: [anInbound('wamid.2')] }));
    expect(await windowOf(CONTACT)).toMatchObject({ name: 'open' });
    const before = await world.dump();
    await hear(aDelivery({ statuses: [failed] }));
    const { inbox: _before, ...rest } = before;
    const { inbox: _after, ...again } = await world.dump();
    expect(again).toEqual(rest);
  });

  it('of a sender that is not ours begins no listening', async () => {
    await hear(aDelivery({ messages: [anInbound('wamid.3')] }, { phoneNumberId: '7', wabaId: '8' }));
    expect(await sender()).toMatchObject({ listeningSince: null, lastHeardAt: null });
  });
});
