import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, type Redis } from 'ioredis';
import { isRedisClusterAvailable } from './backends.js';
import { eventually } from './eventually.js';
import { startRedisServer, stopRedisServer, withRedis } from './test-redis.js';

/** A Redis Cluster of three masters with a replica each, all on this machine. */
export interface TestRedisCluster {
  /** Its first master and its first replica, as REDIS_URL names several nodes. */
  url: string;
  /** A client that knows all nodes, until `stop`. */
  client: Cluster;
  /** Ends the master that holds a key, as a kill does, and waits until its replica has taken its place. */
  killMasterOf(key: string): Promise<void>;
  /** Ends all of them; their data are gone. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const MASTERS = 3;
const SLOTS = 16_384;
/** A node that says nothing for so long is taken to be dead, ms. Long enough for a machine that is busy. */
const NODE_TIMEOUT_MS = 3_000;
/** Nodes speak to each other on a port that lies so much higher. */
const BUS_OFFSET = 10_000;
/** Nodes tell each other what they know once a second. */
const SETTLE = { timeoutMs: 60_000, intervalMs: 50 };

/** Starts one, empty. Throws where there is no `redis-server` on PATH: the Redis that REDIS_URL names is no cluster. */
export async function startTestRedisCluster(): Promise<TestRedisCluster> {
  if (!isRedisClusterAvailable()) throw new Error('There is no redis-server on PATH: a cluster needs six of them');
  const folder = await mkdtemp(join(tmpdir(), 'herald-redis-cluster-'));
  const ports = await freePorts(2 * MASTERS);
  const servers = new Map<number, ChildProcess>();
  const start = async (port: number) => void servers.set(port, await startRedisServer(port, settingsOf(port, folder)));
  const kill = async (port: number) => {
    const server = servers.get(port);
    servers.delete(port);
    if (server !== undefined) await stopRedisServer(server);
  };
  try {
    await Promise.all(ports.map(start));
    await connectNodes(ports);
  } catch (error) {
    await Promise.all(ports.map(kill));
    throw error;
  }
  // disconnectTimeout: a timer of two seconds otherwise outlives a connection and keeps Jest from ending.
  const nodes = ports.map((port) => ({ host: HOST, port }));
  const client = new Cluster(nodes, { redisOptions: { disconnectTimeout: 100 } });
  client.on('error', () => undefined);
  await eventually(() => client.status === 'ready', SETTLE);
  return {
    url: `${urlOf(ports[0])},${urlOf(ports[MASTERS])}`,
    client,
    killMasterOf: async (key) => {
      const slot = Number(await client.cluster('KEYSLOT', key));
      const master = await masterOf(ports, slot);
      await kill(master);
      const left = ports.filter((port) => servers.has(port));
      await eventually(async () => (await masterOf(left, slot)) !== master && (await areCovered(left)), SETTLE);
      // A client looks for who is there when somebody is not.
      const knowsIt = async () => (await client.exists(key)) >= 0 && !client.nodes().some(isAt(master));
      await eventually(knowsIt, SETTLE);
    },
    stop: async () => {
      client.disconnect();
      await Promise.all(ports.map(kill));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const isAt = (port: number) => (node: Redis) => node.options.port === port;

const urlOf = (port: number | undefined) => `redis://${HOST}:${port}`;

const settingsOf = (port: number, folder: string): string[] =>
  Object.entries({
    dir: folder,
    'cluster-enabled': 'yes',
    'cluster-config-file': `nodes-${port}.conf`,
    'cluster-node-timeout': String(NODE_TIMEOUT_MS),
    'cluster-replica-validity-factor': '0',
    'repl-diskless-sync-delay': '0',
    'repl-ping-replica-period': '1',
  }).flatMap(([name, value]) => [`--${name}`, value]);

const ask = (port: number | undefined, ...command: (string | number)[]) =>
  withRedis(urlOf(port), (client) => client.call('CLUSTER', ...command.map(String)));

/** Gives the first half of the nodes a third of the slots each, and each of them one of the others as its replica. */
async function connectNodes(ports: readonly number[]): Promise<void> {
  const [masters, replicas] = [ports.slice(0, MASTERS), ports.slice(MASTERS)];
  const first = (place: number) => Math.ceil((SLOTS * place) / MASTERS);
  for (const [place, port] of masters.entries()) {
    const slots = Array.from({ length: first(place + 1) - first(place) }, (_, slot) => first(place) + slot);
    await ask(port, 'SET-CONFIG-EPOCH', place + 1);
    await ask(port, 'ADDSLOTS', ...slots);
  }
  for (const port of ports.slice(1)) await ask(ports[0], 'MEET', HOST, port);
  await eventually(
    () => isTrueOf(ports, 'INFO', (info) => info.includes(`cluster_known_nodes:${ports.length}`)),
    SETTLE,
  );
  for (const [place, port] of replicas.entries()) {
    const id = String(await ask(masters[place], 'MYID'));
    // Refused until the master is known for what it is.
    await eventually(() => ask(port, 'REPLICATE', id), SETTLE);
  }
  await eventually(() => areCovered(ports), SETTLE);
  await eventually(() => Promise.all(replicas.map(followsItsMaster)).then((follow) => follow.every(Boolean)), SETTLE);
  // Clients are told of a replica once it has got something, be it a ping, and all have heard of that.
  await eventually(
    () => isTrueOf(ports, 'SLOTS', (slots) => ports.every((port) => slots.includes(`,${port},`))),
    SETTLE,
  );
}

const followsItsMaster = (port: number) =>
  withRedis(urlOf(port), async (client) => (await client.info('replication')).includes('master_link_status:up'));

const areCovered = (ports: readonly number[]) => isTrueOf(ports, 'INFO', (info) => info.includes('cluster_state:ok'));

async function isTrueOf(
  ports: readonly number[],
  command: string,
  isSo: (answer: string) => boolean,
): Promise<boolean> {
  const answers = await Promise.all(ports.map((port) => ask(port, command)));
  return answers.every((answer) => isSo(String(answer)));
}

/** The port of the master that serves a slot, as the first of these nodes knows it. */
async function masterOf(ports: readonly number[], slot: number): Promise<number> {
  const ranges = (await ask(ports[0], 'SLOTS')) as [
    first: number,
    last: number,
    master: [host: string, port: number],
  ][];
  const range = ranges.find(([first, last]) => first <= slot && slot <= last);
  if (range === undefined) throw new Error(`nobody serves slot ${slot}`);
  return Number(range[2][1]);
}

/** Ports that are free, and whose bus port is, too. All are held until all are found. */
async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  try {
    for (let tries = 0; ports.length < count && tries < 200; tries += 1) {
      const server = await listen(0);
      held.push(server);
      const { port } = server.address() as AddressInfo;
      if (port + BUS_OFFSET > 65_535) continue;
      const bus = await listen(port + BUS_OFFSET).catch(() => undefined);
      if (bus === undefined) continue;
      held.push(bus);
      ports.push(port);
    }
  } finally {
    await Promise.all(held.map((server) => once(server.close(), 'close')));
  }
  if (ports.length < count) throw new Error('there are not enough free ports for a cluster');
  return ports;
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  const listening = once(server, 'listening');
  server.listen(port, HOST);
  await listening;
  return server;
}
