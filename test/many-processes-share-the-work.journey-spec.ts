import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startThrowawayPostgres } from '#persistence';
import {
  buildTemplateDatabase,
  currentBackend,
  databaseUrl,
  eventually,
  isRedisClusterAvailable,
  type SpawnedProcess,
  startTestRedisCluster,
  TEMPLATE_DATABASE,
  type TestRedisCluster,
} from '#testing';
import { audit } from './faults/audit.js';
import { readFacts } from './faults/facts.js';
import { type Balancer, openBalancer } from './world/balancer.js';
import { aText, HeraldApi } from './world/herald-api.js';
import { expectInvariants, expectSentOnce } from './world/oracle.js';
import { queueOnCluster } from './world/queue.js';
import { recipients, SENDERS } from './world/senders.js';
import { ADMIN_KEY, World } from './world/world.js';

/** As many senders as shards: some of them share a queue, and all nodes have some. */
const CROWD = SENDERS.slice(0, 8);
const [, , , , , , , , SHOP = '', INN = ''] = SENDERS;
/** What Meta allows SHOP a second: so little that a machine that is busy could send it many times as fast. Herald keeps to 8 of it. */
const SHOP_LIMIT = 10;
/** What it allows INN, and what Herald makes of it. */
const INN_LIMIT = 40;
const INN_PACE = 35;
const isOnCluster = currentBackend() === 'redis' && isRedisClusterAvailable();

/** A server of its own: so many processes may open more connections than the one of the run has. */
async function startPostgres() {
  const server = await startThrowawayPostgres({ settings: { max_connections: 400 } });
  await buildTemplateDatabase(server.url);
  return server;
}

/** Two api, two webhooks and four workers on one Postgres, and on one Redis Cluster of six nodes or on the other queue of this run. */
describe(`many processes on ${isOnCluster ? 'a redis cluster' : currentBackend()}`, () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let cluster: TestRedisCluster | undefined;
  let balancer: Balancer;
  let world: World;
  let apis: HeraldApi[];
  let workers: SpawnedProcess[];
  const accepted: string[] = [];

  beforeAll(async () => {
    [postgres, cluster, balancer] = await Promise.all([
      startPostgres(),
      isOnCluster ? startTestRedisCluster() : undefined,
      openBalancer(),
    ]);
    world = await World.start({
      databaseUrl: databaseUrl(postgres.url, TEMPLATE_DATABASE),
      senders: 10,
      simulator: { SIMULATOR_WEBHOOK_URL: `${balancer.url}/webhooks/whatsapp` },
      ...(cluster && { queue: queueOnCluster(cluster) }),
    });
    world.atVeryEnd(async () => {
      await balancer.close();
      await postgres.stop();
    });
    const limit = 'UPDATE sender SET throughput_limit = $1 WHERE phone_number_id = $2';
    await world.query(limit, [SHOP_LIMIT, SHOP]);
    await world.query(limit, [INN_LIMIT, INN]);
    const [api, webhooks] = await Promise.all([world.startAnother('api'), world.startAnother('webhooks')]);
    const others = await Promise.all(Array.from({ length: 3 }, () => world.startAnother('worker')));
    apis = [world.api, new HeraldApi(api.url, ADMIN_KEY)];
    workers = [world.process('worker'), ...others];
    balancer.targets = [world.urlOf('webhooks'), webhooks.url];
  });
  afterAll(() => world.stop());

  /** Sends all of these, in turns to the apis; who hears no 202 asks again, with its key. @returns their ids, in order */
  async function send(messages: object[]): Promise<string[]> {
    const ids = await Promise.all(
      messages.map((message, place) => {
        const headers = { 'idempotency-key': `key-${randomUUID()}` };
        return eventually(() => apis[place % apis.length]!.send(message, headers), { timeoutMs: 60_000 });
      }),
    );
    accepted.push(...ids);
    return ids;
  }

  /** Ids of the attempts that each worker says it has made. */
  const attemptsOf = (worker: SpawnedProcess): Set<string> =>
    new Set(
      Array.from(
        worker.output().matchAll(/"messageId":"([^"]+)","attemptNo":(\d+).*"msg":"attempt\.finished"/g),
        ([, id, no]) => `a1.${id}.${no}`,
      ),
    );

  const sendsFrom = async (sender: string) =>
    (await world.simulator.log()).filter(({ phoneNumberId }) => phoneNumberId === sender);

  it('send each message once, and all of them work', async () => {
    const ids: string[] = [];
    const numbers = recipients('0100', 80, 101);
    const everyoneHasWorked = () => workers.every((worker) => attemptsOf(worker).size >= 10);
    for (let round = 0; round < 40 && !(round >= 3 && everyoneHasWorked()); round += 1) {
      const texts = numbers.map((to, place) => aText(to, { from: CROWD[(place + round) % CROWD.length] }));
      ids.push(...(await send(texts)));
    }
    await world.untilRead(ids);
    await expectSentOnce(world, ids);
    const shares = workers.map((worker) => attemptsOf(worker));
    expect(Math.min(...shares.map(({ size }) => size))).toBeGreaterThanOrEqual(10);
    // Nobody's work was done by somebody else, too.
    expect(new Set(shares.flatMap((share) => [...share])).size).toBe(shares.reduce((sum, { size }) => sum + size, 0));
    expect([...balancer.answered.keys()].sort()).toEqual([...balancer.targets].sort());
  });

  it('take a request for the same one, whichever of them is asked again', async () => {
    const [to = ''] = recipients('0100', 1, 301);
    const headers = { 'idempotency-key': `key-${randomUUID()}` };
    const answers = await Promise.all(
      [...apis, ...apis].map((api) => api.send(aText(to, { from: CROWD[0] }), headers)),
    );
    expect(new Set(answers).size).toBe(1);
    accepted.push(answers[0]!);
    await world.untilRead(answers.slice(0, 1));
    await expectSentOnce(world, answers.slice(0, 1));
  });

  it('keep to the pace of a sender together', async () => {
    const ids = await send(recipients('0100', 60, 101).map((to) => aText(to, { from: SHOP })));
    await world.untilRead(ids);
    const sends = await sendsFrom(SHOP);
    expect(sends).toHaveLength(ids.length);
    const who = workers.map((worker) => attemptsOf(worker));
    const took = who.filter((attempts) => sends.some(({ attemptId }) => attempts.has(attemptId ?? '')));
    // Were the pace that of a process, the sender would go so many times as fast.
    expect(took.length).toBeGreaterThanOrEqual(2);
    const times = sends.map(({ at }) => Date.parse(at)).sort((a, b) => a - b);
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(((ids.length - SHOP_LIMIT) / SHOP_LIMIT) * 1_000);
    const inSecondsFrom = times
      .map((from) => times.filter((at) => at >= from && at < from + 1_000).length)
      .sort((a, b) => a - b);
    expect(inSecondsFrom[Math.floor(times.length / 2)]).toBeLessThanOrEqual(SHOP_LIMIT);
    // Where the machine stood still, each of them writes what is late at the pace, and not all at once.
    expect(inSecondsFrom.at(-1)).toBeLessThanOrEqual(2 * SHOP_LIMIT);
  });

  it('let an urgent message go before a backlog of bulk', async () => {
    await send(recipients('0100', 300, 101).map((to) => aText(to, { from: INN, priority: 'bulk' })));
    await eventually(async () => expect((await sendsFrom(INN)).length).toBeGreaterThan(30), { timeoutMs: 60_000 });
    const [urgent = ''] = await send([aText('+15550100901', { from: INN, priority: 'urgent' })]);
    await world.until([urgent], "state = 'accepted'");
    const sends = await sendsFrom(INN);
    const place = sends.findIndex(({ attemptId }) => attemptId?.includes(urgent));
    const [row] = await world.query<{ created_at: Date }>('SELECT created_at FROM message WHERE id = $1', [urgent]);
    const before = sends.filter(({ at }) => Date.parse(at) < row!.created_at.getTime()).length;
    // What has slots already: two seconds of pace at most, counted in messages, so that a slow machine changes nothing.
    expect(place - before).toBeLessThan(3 * INN_PACE);
  });

  if (isOnCluster)
    it('lose nothing with a node of the cluster that dies', async () => {
      const [first, ...others] = await Promise.all([
        cluster!.killMasterOf('{herald:send.standard.0}:send.standard.0:wait'),
        ...Array.from({ length: 4 }, () =>
          send(recipients('0100', 50, 401).map((to, place) => aText(to, { from: CROWD[place % CROWD.length] }))),
        ),
      ]);
      expect(first).toBeUndefined();
      const ids = others.flat();
      await world.untilRead(ids, 90_000);
      await expectSentOnce(world, ids);
    });

  it('leave every invariant of the protocol true', async () => {
    await world.untilRead(accepted);
    const { violations, figures } = audit(await readFacts(world, accepted));
    expect(violations).toEqual([]);
    expect(figures).toMatchObject({ accepted: accepted.length, sentOnce: accepted.length, duplicates: 0, lost: 0 });
    await expectInvariants(world);
  });
});
