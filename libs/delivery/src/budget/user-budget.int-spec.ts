import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { factsOfIdentity, learnContacts } from '#contacts';
import { A_SENDER, aMessage, aSender, type MessageOverrides } from '#testing';
import { DueMessagesService } from '../pacing/due-messages.service.js';
import { openDeliveryWorld } from '../specs/delivery-world.js';
import { countUsersOnce } from './queries/admit-users.query.js';
import { UserBudgetService } from './user-budget.service.js';

let world: Awaited<ReturnType<typeof openDeliveryWorld>>;
let due: DueMessagesService;
let budget: UserBudgetService;
const { phoneNumberId, wabaId } = A_SENDER;
const portfolioId = `waba-${wabaId}`;

beforeAll(async () => {
  world = await openDeliveryWorld();
  await aSender(world.database);
  due = new DueMessagesService(world.database, world.environment, world.logger);
  budget = new UserBudgetService(world.database, due, world.logger);
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.run(
    'TRUNCATE message, attempt, message_content, portfolio_limit, portfolio_user, inbound_message, inbound_call, contact, contact_alias, contact_fact',
  );
});

const limitTo = (users: number | null) =>
  world.database.prisma.portfolioLimit.create({ data: { portfolioId, users, knownAt: new Date() } });
const queuedAs = async (what: MessageOverrides, ...recipients: string[]) =>
  Promise.all(
    recipients.map(async (recipient) => {
      const recipientKind = recipient.startsWith('US.') ? 'user' : 'phone';
      return (await aMessage(world.database, { recipient, recipientKind, ...what })).id;
    }),
  );
const queued = (...recipients: string[]) => queuedAs({ type: 'template' }, ...recipients);
/** @returns recipients of those that may go on, in order */
const admit = async (ids: string[]) =>
  (await budget.admit(await due.read(ids))).map(({ recipient }) => recipient).sort();
const hearFrom = (contact: string, type = 'text', content = {}) =>
  world.database.prisma.inboundMessage.create({
    data: {
      ...{ wamid: uuidv7(), phoneNumberId, wabaId, contact, type, ts: new Date(), content },
      ...{ inboxId: uuidv7(), receivedAt: new Date() },
    },
  });
const countedHoursAgo = (recipient: string, hours: number) =>
  world.database.prisma.portfolioUser.create({
    data: { portfolioId, recipient, lastAt: new Date(Date.now() - hours * 3_600_000) },
  });
/** Meta names both as one person, as intake hears it. */
const joined = (waId: string, userId: string) =>
  world.database.transaction(async (tx) => {
    const person = { waId, userId, parentUserId: null, username: null };
    const facts = factsOfIdentity({ person, before: null }, { at: new Date(0), inboxId: null, isHeard: true });
    await countUsersOnce(
      tx,
      await learnContacts(
        tx,
        facts.map((fact) => ({ ...fact, phoneNumberId })),
      ),
    );
  });
const people = (count: number) => Array.from({ length: count }, (_, i) => String(15_550_100_101 + i));

describe('the messaging limit of a portfolio', () => {
  it('lets so many people be written to, and the others wait with their reason', async () => {
    await limitTo(3);
    const ids = await queued(...people(5));
    const admitted = await admit(ids);
    expect(admitted).toHaveLength(3);
    const waiting = await world.database.prisma.message.findMany({ where: { reason: 'portfolio_limit' } });
    expect(waiting.map(({ recipient }) => recipient).sort()).toEqual(
      people(5).filter((one) => !admitted.includes(one)),
    );
    for (const { nextAttemptAt, state } of waiting) {
      expect(state).toBe('queued');
      expect(nextAttemptAt!.getTime()).toBeGreaterThan(Date.now() + 60_000);
    }
  });

  it('takes no place for what is free-form, which goes nowhere outside of a window, and one for its fallback', async () => {
    await limitTo(1);
    const ids = await queuedAs({ type: 'text' }, ...people(3));
    expect(await admit(ids)).toEqual(people(3));
    expect(await world.database.prisma.portfolioUser.count()).toBe(0);
    expect(await admit(await queuedAs({ type: 'text', usesFallback: true }, ...people(2)))).toHaveLength(1);
  });

  it('counts each person once, whatever number of the portfolio writes, and however often', async () => {
    await limitTo(1);
    const [first = '', second = ''] = people(2);
    expect(await admit(await queued(first, first))).toEqual([first, first]);
    expect(await admit(await queued(first))).toEqual([first]);
    expect(await admit(await queued(second))).toEqual([]);
  });

  it('counts a contact once, whichever of its identifiers is written to', async () => {
    await limitTo(1);
    await joined('15550100101', 'US.1');
    expect(await admit(await queued('15550100101', 'US.1'))).toEqual(['15550100101', 'US.1']);
    expect(await admit(await queued('US.1'))).toEqual(['US.1']);
    expect(await world.database.prisma.portfolioUser.count()).toBe(1);
    expect(await admit(await queued('15550100102'))).toEqual([]);
  });

  it('counts two recipients once from when they are known to be one contact', async () => {
    await limitTo(2);
    expect(await admit(await queued('15550100101', 'US.1'))).toEqual(['15550100101', 'US.1']);
    expect(await admit(await queued('15550100102'))).toEqual([]);
    await joined('15550100101', 'US.1');
    expect(await admit(await queued('15550100103'))).toEqual(['15550100103']);
    expect(await admit(await queued('15550100104'))).toEqual([]);
  });

  it('does not count who wrote under another identifier', async () => {
    await limitTo(0);
    await joined('15550100101', 'US.1');
    await hearFrom('US.1');
    expect(await admit(await queued('15550100101', '15550100102'))).toEqual(['15550100101']);
  });

  it('does not count who wrote or called first, unless with what opens no window for sure', async () => {
    await limitTo(0);
    const silent = ['reaction', 'unsupported', 'unknown', 'system', 'edit', 'revoke'];
    const [wrote = '', called = '', inGroup = '', ...others] = people(3 + silent.length);
    await hearFrom(wrote);
    await world.database.prisma.inboundCall.create({
      data: { id: uuidv7(), phoneNumberId, contact: called, startedAt: new Date() },
    });
    await hearFrom(inGroup, 'text', { group_id: 'g1' });
    for (const [index, type] of silent.entries()) await hearFrom(others[index]!, type);
    expect(await admit(await queued(wrote, called, inGroup, ...others))).toEqual([wrote, called]);
    expect(await world.database.prisma.portfolioUser.count()).toBe(0);
  });

  it('frees a place when somebody is a day ago, and says when that is', async () => {
    await limitTo(2);
    const [old = '', recent = '', third = '', fourth = ''] = people(4);
    await countedHoursAgo(old, 25);
    await countedHoursAgo(recent, 23.9);
    expect(await admit(await queued(third))).toEqual([third]);
    const [id = ''] = await queued(fourth);
    expect(await admit([id])).toEqual([]);
    const { nextAttemptAt } = await world.database.prisma.message.findUniqueOrThrow({ where: { id } });
    // 6 minutes until the one of 23.9 hours ago counts no more.
    expect(nextAttemptAt!.getTime() - Date.now()).toBeLessThan(7 * 60_000);
    await budget.tidy();
    expect(await world.database.prisma.portfolioUser.findMany({ where: { recipient: old } })).toEqual([]);
  });

  it('is kept by workers that ask at the same time', async () => {
    await limitTo(10);
    const ids = await queued(...people(40));
    const admitted = await Promise.all(
      Array.from({ length: 8 }, (_, worker) => admit(ids.filter((_id, i) => i % 8 === worker))),
    );
    expect(admitted.flat()).toHaveLength(10);
  });

  it.each([
    ['not known', () => Promise.resolve()],
    ['any number', () => limitTo(null)],
  ])('that is %s counts nobody', async (_name, arrange) => {
    await arrange();
    expect(await admit(await queued(...people(5)))).toEqual(people(5));
    expect(await world.database.prisma.portfolioUser.count()).toBe(0);
  });
});
