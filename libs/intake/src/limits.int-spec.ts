import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GraphClient, readFixture } from '#graph-api';
import { Logger } from '#observability';
import { ReadLimitsService, type SenderDirectory } from '#senders';
import { A_SENDER } from '#testing';
import { type IntakeWorld, openIntakeWorld } from './specs/intake-world.js';

let world: IntakeWorld;
beforeAll(async () => {
  world = await openIntakeWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.clear();
  await world.run('TRUNCATE portfolio_limit');
  await world.run(
    `UPDATE sender SET throughput_limit = 80, throughput_known_at = NULL, display_number = '+1 555-010-0100'`,
  );
});

const hear = async (...files: string[]) => {
  for (const file of files) await world.store(readFixture('webhooks', file));
  await world.newIntake().apply();
};
const limit = async () => (await world.database.prisma.portfolioLimit.findMany()).map(({ users }) => users);
const throughput = async () => (await world.database.prisma.sender.findFirstOrThrow()).throughputLimit;

describe('limits', () => {
  it.each([
    ['capability_250.json', 250],
    ['capability_tier_string.json', 2_000],
    ['capability_integer_legacy.json', 2_000],
    ['phone_quality_throughput.json', null],
  ])('are learned from %s', async (file, users) => {
    await hear(file);
    expect(await limit()).toEqual([users]);
    expect(await world.run('SELECT FROM inbox_unhandled')).toEqual([]);
  });

  it('of an upgraded number are a thousand a second', async () => {
    await hear('phone_quality_throughput.json');
    expect(await throughput()).toBe(1_000);
  });

  it('that Meta told before the last ones change nothing', async () => {
    await world.run(`INSERT INTO portfolio_limit SELECT portfolio_id, 7, now() + interval '1 day' FROM waba`);
    await world.run(`UPDATE sender SET throughput_known_at = now() + interval '1 day'`);
    await hear('capability_250.json', 'phone_quality_throughput.json');
    expect(await limit()).toEqual([7]);
    expect(await throughput()).toBe(80);
  });

  it('that Meta tells in one second are the smaller, in any order', async () => {
    const files = ['capability_250.json', 'capability_tier_string.json', 'phone_quality_throughput.json'];
    for (const order of [files, files.toReversed()]) {
      await world.clear();
      await world.run('TRUNCATE portfolio_limit');
      for (const file of order) await hear(file);
      expect(await limit()).toEqual([250]);
    }
  });

  it.each([
    [200, { throughput: { level: 'HIGH' }, whatsapp_business_manager_messaging_limit: 'TIER_10K' }, 1_000, [10_000]],
    [200, { throughput: { level: 'STANDARD' }, is_on_biz_app: true }, 20, []],
    [400, { error: { code: 190, message: 'x' } }, 80, []],
  ])('are read from Meta: %i %j', async (status, body, perSecond, users) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const graph = new GraphClient({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      version: 'v25.0',
    });
    const senders = {
      list: () => Promise.resolve([A_SENDER]),
      credentials: () => Promise.resolve({ accessToken: 'EAAtoken' }),
    } as unknown as SenderDirectory;
    const read = await new ReadLimitsService(world.database, senders, graph, Logger.create('silent')).readAll();
    expect(read).toBe(status === 200 ? 1 : 0);
    expect(asked[0]).toMatch(new RegExp(`^/v25.0/${A_SENDER.phoneNumberId}\\?fields=throughput`));
    expect(await throughput()).toBe(perSecond);
    expect(await limit()).toEqual(users);
    await graph.close();
    server.close();
  });
});
