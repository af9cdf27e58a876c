import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WindowService } from '#conversations';
import { KeepReceiptService } from '#delivery';
import { readFixture } from '#graph-api';
import { Logger } from '#observability';
import { A_SENDER, aClient, aMessage, anEnvironment } from '#testing';
import { ListInboundService } from './inbound/list-inbound.service.js';
import { type IntakeWorld, openIntakeWorld } from './specs/intake-world.js';

const { phoneNumberId } = A_SENDER;
const USER = 'US.90000000000000000002';
const WAMID = 'wamid.HBgLMTU1NTAxMDAwMDEVAgARGBIzMkJFOThCRjk0Q0M3RjZEN0QA';
/** Just after what Meta's examples tell of. */
const NOW = new Date(1_790_856_100_000);
let world: IntakeWorld;
let messageId: string;
let clientId: string;
const windowAt = (at: Date) =>
  new WindowService(world.database, anEnvironment(), Logger.create('silent')).stateOf(
    { phoneNumberId, recipient: USER },
    at,
  );

/** A user without a number writes, and is answered. */
beforeAll(async () => {
  world = await openIntakeWorld();
  ({ id: clientId } = await aClient(world.database));
  ({ id: messageId } = await aMessage(world.database, {
    state: 'accepted',
    recipient: USER,
    recipientKind: 'user',
    attempts: [{ state: 'accepted', wamid: WAMID, startedAt: new Date(NOW.getTime() - 110_000) }],
  }));
  for (const file of [
    'message_bsuid_username_no_phone.json',
    'status_sent_bsuid_no_phone.json',
    'status_delivered_bsuid_username.json',
  ]) {
    await world.store(readFixture('webhooks', file), NOW);
    await world.newIntake().apply();
  }
}, 60_000);
afterAll(() => world.close());

describe('somebody without a phone number', () => {
  it('is heard, and found by the user id', async () => {
    const inbound = new ListInboundService(world.database);
    const { data } = await inbound.list({ clientId, senders: 'all' }, { contact: USER, limit: 10 });
    expect(data).toMatchObject([{ contact: USER, text: 'Hi', profileName: 'Test Customer B' }]);
  });

  it('has a window, and a conversation', async () => {
    expect(await windowAt(NOW)).toMatchObject({ name: 'open', sendable: 'open' });
    expect(await world.database.prisma.conversation.findMany()).toMatchObject([{ kind: 'service', contact: USER }]);
  });

  it('is a contact with a username', async () => {
    const aliases = await world.database.prisma.contactAlias.findMany({ orderBy: { kind: 'asc' } });
    expect(aliases.map(({ kind, value }) => [kind, value])).toEqual([
      ['user_id', USER],
      ['username', 'test.customer_b'],
    ]);
  });

  it('is told of by the statuses of what is sent to them', async () => {
    const { sentAt, deliveredAt, waRank } = await world.message(messageId);
    expect([sentAt, deliveredAt, waRank]).toEqual([new Date(1_790_856_000_000), new Date(1_790_856_002_000), 4]);
    const statuses = await world.run<{ recipient: string }>('SELECT recipient FROM status_event');
    expect(statuses.map(({ recipient }) => recipient)).toEqual([USER, USER]);
    expect(await world.database.prisma.orphanStatus.count()).toBe(0);
  });

  it('is charged in the market of the user id', async () => {
    expect(await world.database.prisma.charge.findMany()).toMatchObject([
      { wamid: WAMID, messageId, recipient: USER, market: 'North America', pricingCategory: 'service' },
    ]);
  });

  it('can be told that the message was read', async () => {
    const [{ wamid }] = (await world.run('SELECT wamid FROM inbound_message')) as [{ wamid: string }];
    const receipts = new KeepReceiptService(world.database, Logger.create('silent'));
    expect(await receipts.senderOf(wamid)).toBe(phoneNumberId);
    await receipts.keep({ wamid, phoneNumberId, typing: false });
    expect(await world.database.prisma.readReceipt.findMany()).toMatchObject([{ wamid, state: 'pending' }]);
  });
});
