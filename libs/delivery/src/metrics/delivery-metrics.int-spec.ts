import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { MetricsService } from '#observability';
import { aMessage, aSender } from '#testing';
import { hasClaimable } from '../queries/has-claimable.query.js';
import { type DeliveryWorld, openDeliveryWorld } from '../specs/delivery-world.js';
import { DeliveryMetrics } from './delivery-metrics.js';
import { readGauges } from './read-gauges.query.js';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await openDeliveryWorld();
  await aSender(world.database);
}, 60_000);
afterAll(() => world.close());

const lines = async () => {
  const metrics = new MetricsService();
  new DeliveryMetrics(world.database, metrics);
  return (await metrics.page()).text.split('\n').filter((line) => !line.startsWith('#'));
};

describe('the metrics of delivery', () => {
  it('show what waits, what is held, and what remains of lost answers', async () => {
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'herald_due_messages{priority="urgent"} 0',
        'herald_unknown_total 0',
        'herald_uncertain_messages 0',
      ]),
    );
    await aMessage(world.database, { priority: 0, nextAttemptAt: new Date(Date.now() - 60_000) });
    await aMessage(world.database, { state: 'uncertain' });
    await world.run(`INSERT INTO hold (scope, scope_id, reason) VALUES ('pair', '1:15550100101', 'x')`);
    const clientId = uuidv7();
    const event = (type: string, payload: object) =>
      world.run(
        'INSERT INTO event (id, client_id, type, payload) VALUES ($1, $2, $3, $4)',
        uuidv7(),
        clientId,
        type,
        JSON.stringify(payload),
      );
    await event('message.unknown', {});
    await event('message.queued', { reason: 'resent_unproven' });
    await event('message.queued', { reason: 'resent_unproven' });
    await event('message.queued', { reason: 'new' });
    await event('message.duplicate_suspected', {});
    const page = await lines();
    expect(page).toEqual(
      expect.arrayContaining([
        'herald_due_messages{priority="urgent"} 1',
        'herald_uncertain_messages 1',
        'herald_holds{scope="pair"} 1',
        'herald_unknown_total 1',
        'herald_uncertain_resent_total 2',
        'herald_duplicate_suspected_total 1',
      ]),
    );
    const age = page.find((line) => line.startsWith('herald_queue_age_seconds{priority="urgent"}'))?.split(' ')[1];
    expect(Number(age)).toBeGreaterThanOrEqual(60);
    expect(page.join('\n')).not.toContain('15550100101');
    expect(await world.database.prisma.deliveryCounter.findMany({ orderBy: { name: 'asc' } })).toMatchObject([
      { clientId, name: 'duplicate_suspected', value: 1n },
      { clientId, name: 'uncertain_resent', value: 2n },
      { clientId, name: 'unknown', value: 1n },
    ]);
  });
});

describe('a backlog that is not counted to its end', () => {
  it('hides no other priority, and not since when the oldest message is due', async () => {
    await world.run('TRUNCATE message, attempt, message_content');
    const due = (priority: number, secondsAgo: number) =>
      aMessage(world.database, { priority, nextAttemptAt: new Date(Date.now() - secondsAgo * 1_000) });
    await Promise.all([due(2, 10), due(2, 20), due(2, 900), due(2, 30), due(0, 300), due(1, -300)]);
    const gauges = (await readGauges(world.database, 2)).due.sort((one, other) => one.priority - other.priority);
    expect(gauges).toMatchObject([
      { priority: 0, count: 1 },
      { priority: 2, count: 2 },
    ]);
    expect(gauges.map(({ oldestSeconds }) => Math.round(oldestSeconds / 100))).toEqual([3, 9]);
  });
});

describe('what the watchdog asks', () => {
  it('sees due messages of lanes that are open', async () => {
    expect(await hasClaimable(world.database)).toBe(true);
    await world.run(`INSERT INTO hold (scope, scope_id, reason) VALUES ('sender', '800000000000001', 'x')`);
    expect(await hasClaimable(world.database)).toBe(false);
    await world.run('TRUNCATE hold');
    await world.run(`INSERT INTO lane_breaker (phone_number_id) VALUES ('800000000000001')`);
    expect(await hasClaimable(world.database)).toBe(false);
    await world.run('TRUNCATE lane_breaker');
    await world.run(`UPDATE message SET next_attempt_at = now() + interval '1 hour' WHERE state = 'queued'`);
    expect(await hasClaimable(world.database)).toBe(false);
  });
});
