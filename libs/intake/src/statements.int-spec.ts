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

/** The names of the statements that a delivery takes, in their order. */
async function statementsOf(items: number): Promise<string[]> {
  const body = await aDeliveryOf(items);
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
  const few = await statementsOf(10);
  await world.clear();
  const many = await statementsOf(1_000);
  expect(many).toEqual(few);
  expect(many.length).toBeLessThan(40);
  expect(await world.database.prisma.inboundMessage.count()).toBe(600);
  expect(await world.database.prisma.charge.count()).toBe(400);
  expect(await world.database.prisma.marketingSuppression.count()).toBe(60);
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
