import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { consentWords } from '#contacts';
import { splitNotification } from '#graph-api';
import type { Statement } from '#persistence';
import { aMessage } from '#testing';
import { applyItems } from './apply-items.js';
import { aDelivery, anInbound, aStatus, type IntakeWorld, openIntakeWorld } from './specs/intake-world.js';

let world: IntakeWorld;
beforeAll(async () => {
  world = await openIntakeWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.clear());

const pricing = { pricing_model: 'PMP', type: 'regular', category: 'utility' };

/** A delivery with a fifth of its items about messages of ours, a fifth about foreign ones, and the rest by contacts. */
async function aDeliveryOf(items: number): Promise<string> {
  const ours = await Promise.all(
    Array.from({ length: items / 5 }, (_, n) =>
      aMessage(world.database, {
        recipient: `4915550${100_000 + n}`,
        state: 'accepted',
        attempts: [{ state: 'accepted', wamid: `wamid.ours.${n}` }],
      }),
    ),
  );
  const statuses = ours.flatMap((_message, n) => [
    aStatus({ wamid: `wamid.ours.${n}`, pricing }),
    aStatus({ wamid: `wamid.foreign.${n}`, pricing }),
  ]);
  const messages = Array.from({ length: (items / 5) * 3 }, (_, n) => ({
    ...anInbound(`wamid.in.${n}`, n % 10 === 0 ? 'STOP' : 'Hi'),
    from: `1555010${1_000 + n}`,
  }));
  return JSON.stringify(aDelivery({ statuses, messages }));
}

/** What `failed` says that holds, stops or closes something for messages to come. */
const FAILURES = [130429, 131042, 131045, 131047, 131049, 131050, 131056];

/** A delivery of which each item proves an attempt that was not known to be accepted; all but the first say that it failed after all. */
async function aDeliveryOfProofs(items: number): Promise<string> {
  const statuses = [];
  for (let n = 0; n < items; n += 1) {
    const recipient = `4915550${100_000 + n}`;
    const { id } = await aMessage(world.database, { recipient, state: 'uncertain', fence: 2n });
    const code = FAILURES[n % FAILURES.length] ?? 0;
    const said = n === 0 ? {} : { status: 'failed', errors: [{ code, title: 'x' }] };
    const status = aStatus({ wamid: `wamid.ours.${n}`, opaque: `a1.${id}.1`, ...said });
    statuses.push({ ...status, recipient_id: recipient });
  }
  return JSON.stringify(aDelivery({ statuses }));
}

/** The names of the statements that a delivery takes, in their order. */
async function statementsOf(items: number, body: string): Promise<string[]> {
  const names: string[] = [];
  await world.database.transaction(async (tx) => {
    const counting = {
      query: <Row>(statement: Statement, values: unknown[]) => {
        names.push(statement.name);
        return tx.query<Row>(statement, values);
      },
    };
    const inboxId = '01990000-0000-7000-a000-000000000000';
    const arrived = splitNotification(body).map((item) => ({ item, inboxId, receivedAt: new Date() }));
    expect(arrived).toHaveLength(items);
    await applyItems(counting, arrived, consentWords(['STOP'], ['START']));
  });
  return names;
}

it('a delivery of 1,000 items takes as many statements as one of 10, each once', async () => {
  const few = await statementsOf(10, await aDeliveryOf(10));
  await world.clear();
  const many = await statementsOf(1_000, await aDeliveryOf(1_000));
  expect(many).toEqual(few);
  expect(many.length).toBeLessThan(40);
  expect(await world.database.prisma.inboundMessage.count()).toBe(600);
  expect(await world.database.prisma.charge.count()).toBe(400);
  expect(await world.database.prisma.marketingSuppression.count()).toBe(60);
}, 60_000);

it('proofs and failures of 1,000 messages take as many statements as of 14', async () => {
  const few = await statementsOf(14, await aDeliveryOfProofs(14));
  await world.clear();
  const many = await statementsOf(1_000, await aDeliveryOfProofs(1_000));
  expect(many).toEqual(few);
  expect(many.length).toBeLessThan(40);
  expect(await world.database.prisma.message.count({ where: { state: 'accepted' } })).toBe(1_000);
  // A seventh each: pairs, contacts without marketing for a while; a sender and its account once.
  expect(await world.run('SELECT scope, count(*)::int FROM hold GROUP BY 1 ORDER BY 1')).toEqual([
    { scope: 'contact_marketing', count: 143 },
    { scope: 'pair', count: 142 },
    { scope: 'sender', count: 1 },
    { scope: 'waba', count: 1 },
  ]);
  expect(await world.database.prisma.alert.findMany({ orderBy: { scope: 'asc' } })).toMatchObject([
    { kind: 'sending_paused', scope: 'sender', count: 143 },
    { kind: 'sending_paused', scope: 'waba', count: 143 },
  ]);
  expect(await world.database.prisma.windowClosing.count()).toBe(143);
  expect(await world.database.prisma.marketingSuppression.count()).toBe(143);
}, 60_000);

it('a delivery of 1,000 items is one transaction', async () => {
  await world.store(await aDeliveryOf(1_000));
  let transactions = 0;
  const counting = Object.create(world.database, {
    transaction: {
      value: (work: Parameters<typeof world.database.transaction>[0]) => {
        transactions += 1;
        return world.database.transaction(work);
      },
    },
  }) as typeof world.database;
  await world.newIntake(counting).apply();
  expect(await world.database.prisma.inboundMessage.count()).toBe(600);
  expect(transactions).toBe(1);
}, 60_000);
