import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { suppressedContacts } from '#contacts';
import { readFixture } from '#graph-api';
import { A_SENDER, aMessage, aSender } from '#testing';
import { aDelivery, anInbound, aStatus, type IntakeWorld, openIntakeWorld } from './specs/intake-world.js';

let world: IntakeWorld;
const SAME_ACCOUNT = { phoneNumberId: '800000000000002', wabaId: A_SENDER.wabaId };
const ELSEWHERE = { phoneNumberId: '800000000000003', wabaId: '900000000000003' };
beforeAll(async () => {
  world = await openIntakeWorld();
  await aSender(world.database, SAME_ACCOUNT);
  await aSender(world.database, ELSEWHERE);
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.clear());

const CONTACT = '15550100101';
const now = Math.floor(Date.now() / 1_000);
let messages = 0;
const says = (body: string, secondsAgo = 0, change: object = {}) =>
  aDelivery({
    messages: [{ ...anInbound(`wamid.${(messages += 1)}`, body), timestamp: String(now - secondsAgo), ...change }],
  });
/** A choice in WhatsApp itself. */
const chooses = (value: string, secondsAgo = 0) => {
  const preference = { wa_id: CONTACT, category: 'marketing_messages', value, timestamp: now - secondsAgo };
  const { entry, ...envelope } = aDelivery({ user_preferences: [preference] });
  const [change] = entry[0]?.changes ?? [];
  return { ...envelope, entry: [{ id: A_SENDER.wabaId, changes: [{ ...change, field: 'user_preferences' }] }] };
};
/** Meta refused marketing that was attempted then. */
async function refuses(secondsAgo: number): Promise<object> {
  const startedAt = new Date((now - secondsAgo) * 1_000);
  const { id } = await aMessage(world.database, {
    state: 'accepted',
    category: 'marketing',
    recipient: CONTACT,
    attempts: [{ state: 'accepted', startedAt }],
  });
  const errors = [{ code: 131050, title: 'x' }];
  return aDelivery({ statuses: [aStatus({ wamid: `wamid.${id}`, status: 'failed', opaque: `a1.${id}.1`, errors })] });
}
async function hear(...bodies: object[]): Promise<void> {
  for (const body of bodies) {
    await world.store(body);
    await world.newIntake().apply();
  }
}
const isStopped = async (recipient = CONTACT, { phoneNumberId } = A_SENDER) =>
  (await suppressedContacts(world.database, [{ phoneNumberId, recipient }]))({ phoneNumberId, recipient });
const rows = () => world.database.prisma.marketingSuppression.findMany({ orderBy: { recipient: 'asc' } });

describe('a contact who writes STOP', () => {
  it('gets no marketing from the account, until START', async () => {
    await hear(says('Stop!', 60));
    expect([await isStopped(), await isStopped(CONTACT, SAME_ACCOUNT)]).toEqual([true, true]);
    expect([await isStopped(CONTACT, ELSEWHERE), await isStopped('15550100102')]).toEqual([false, false]);
    await hear(says('start', 30));
    expect(await isStopped()).toBe(false);
    await hear(says('STOP', 10));
    expect(await rows()).toMatchObject([
      {
        wabaId: A_SENDER.wabaId,
        recipient: CONTACT,
        reason: 'keyword',
        chosenAt: new Date((now - 10) * 1_000),
        liftedAt: null,
      },
    ]);
  });

  it.each([
    ['on a button of a template', { type: 'button', button: { text: 'Stop promotions', payload: 'x' } }, true],
    ['as the payload of a button', { type: 'button', button: { text: 'No more', payload: 'STOP' } }, true],
    [
      'on a reply button',
      { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'unsubscribe', title: 'Bye' } } },
      true,
    ],
    ['in a caption', { type: 'image', image: { id: '9', caption: 'stop' } }, false],
    ['in a group', { group_id: 'a group' }, false],
    ['in a text of another shape', { text: { body: ['stop'] } }, false],
    ['in a button of another shape', { type: 'button', button: null }, false],
    ['in an interactive of another shape', { type: 'interactive', interactive: null }, false],
  ])('%s: %j', async (_where, change, expected) => {
    await hear(says('stop', 0, change));
    expect(await isStopped()).toBe(expected);
  });

  it('is known by every number and name that are theirs', async () => {
    await hear(says('parar', 0, { from: '551187654321', from_user_id: 'BR.1' }));
    for (const recipient of ['551187654321', '5511987654321', 'BR.1']) expect(await isStopped(recipient)).toBe(true);
    await hear(says('voltar', -1, { from: undefined, from_user_id: 'BR.1' }));
    for (const recipient of ['551187654321', '5511987654321', 'BR.1']) expect(await isStopped(recipient)).toBe(false);
  });

  it('in words of one’s own, where they are configured', async () => {
    await world.store(says('genug'));
    await world.store(says('stop', 0, { from: '15550100102' }));
    await world.newIntake(world.database, { OPT_OUT_KEYWORDS: 'Genug' }).apply();
    expect([await isStopped(), await isStopped('15550100102')]).toEqual([true, false]);
  });
});

describe('a contact who chooses in WhatsApp', () => {
  it('stops marketing, and lets it begin again', async () => {
    await world.store(readFixture('webhooks', 'user_preferences_stop.json'), new Date(1_790_856_100_000));
    await world.newIntake().apply();
    expect(await rows()).toMatchObject([
      { recipient: '15550100001', reason: 'user_preference', chosenAt: new Date(1_790_856_000_000), liftedAt: null },
      { recipient: 'US.90000000000000000001', reason: 'user_preference', liftedAt: null },
    ]);
    expect(await world.database.prisma.inboxUnhandled.count()).toBe(0);
    await hear(chooses('stop', 20), chooses('resume', 10));
    expect(await isStopped()).toBe(false);
  });

  it('of a sender that is not ours has no effect and is counted', async () => {
    const unknown = { ...chooses('stop'), entry: [{ ...chooses('stop').entry[0], id: '900000000000404' }] };
    await hear(unknown);
    expect([await rows(), await world.database.prisma.inboxUnhandled.findMany()]).toMatchObject([
      [],
      [{ field: 'user_preferences', kind: 'unknown_sender' }],
    ]);
  });
});

describe('the choice that counts', () => {
  it.each<[string, () => object[] | Promise<object[]>, boolean, string]>([
    ['the newest word', () => [says('stop', 30), says('start', 20), says('stop', 10)], true, 'keyword'],
    ['the newest word, to start', () => [says('start', 30), says('stop', 20), says('start', 10)], false, 'keyword'],
    ['to stop, of two in one second', () => [says('start', 10), says('stop', 10)], true, 'keyword'],
    ['a word after the switch', () => [chooses('stop', 20), says('start', 10)], false, 'keyword'],
    ['the switch after a word', () => [says('start', 20), chooses('stop', 10)], true, 'user_preference'],
    ['Meta’s refusal, whatever is written', async () => [await refuses(30), says('start', 10)], true, 'meta_131050'],
    [
      'Meta’s refusal beside a word',
      async () => [says('stop', 20), await refuses(30), says('start', 10)],
      true,
      'meta_131050',
    ],
    [
      'the switch after Meta’s refusal',
      async () => [await refuses(30), chooses('resume', 10)],
      false,
      'user_preference',
    ],
    ['Meta’s refusal after the switch', async () => [chooses('resume', 30), await refuses(10)], true, 'meta_131050'],
  ])('is %s: in order, reversed and twice', async (_name, make, expected, reason) => {
    const bodies = await make();
    for (const order of [bodies, bodies.toReversed(), [...bodies, ...bodies]]) {
      await world.run('TRUNCATE marketing_suppression, marketing_choice_told, status_event');
      await hear(...order);
      expect([await isStopped(), (await rows())[0]?.reason]).toEqual([expected, reason]);
    }
  });
});
