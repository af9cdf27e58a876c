import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';
import { isRedisAvailable } from './backends.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** An empty Redis that a suite may flush. */
export interface TestRedis {
  url: string;
  /** False for the one that REDIS_URL names, which `stop` and `start` leave alone. */
  isOwn: boolean;
  /** Ends it; its data are gone. */
  stop(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
}

/** `redis-server` with a shell above it that ends it when its input ends: with this process, however that ends. */
const SCRIPT = 'redis-server "$@" & server=$!; cat >/dev/null; kill -KILL $server; wait $server';

/**
 * Gives an empty Redis: the one of REDIS_URL after a FLUSHALL, else a `redis-server` of its own on a free port.
 * Throws when there is neither (`isRedisAvailable`).
 */
export async function startTestRedis(): Promise<TestRedis> {
  const given = process.env['REDIS_URL'];
  if (given) return useGiven(given);
  if (!isRedisAvailable()) throw new Error('There is no redis-server on PATH and REDIS_URL is not set');
  const port = await freePort();
  let server: ChildProcess | undefined;
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    isOwn: true,
    start: async () => {
      server ??= await startRedisServer(port);
    },
    stop: async () => {
      const stopping = server;
      server = undefined;
      if (stopping) await stopRedisServer(stopping);
    },
  };
  await redis.start();
  return redis;
}

async function useGiven(url: string): Promise<TestRedis> {
  await withRedis(url, (client) => client.flushall());
  return { url, isOwn: false, start: () => Promise.resolve(), stop: () => Promise.resolve() };
}

/** Runs a `redis-server` that keeps nothing, with more settings than its own, until `stopRedisServer` or the end of this process. */
export async function startRedisServer(port: number, more: readonly string[] = []): Promise<ChildProcess> {
  const settings = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()];
  const policy = ['--maxmemory-policy', 'noeviction'];
  const server = spawn('/bin/sh', ['-c', SCRIPT, 'sh', ...settings.map(String), ...policy, ...more], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  server.unref();
  (server.stdin as unknown as { unref(): void }).unref();
  await eventually(() => withRedis(`redis://127.0.0.1:${port}`, (client) => client.ping()));
  return server;
}

/** Ends one at once, as a kill does. */
export async function stopRedisServer(server: ChildProcess): Promise<void> {
  const ended = once(server, 'exit');
  server.ref();
  server.stdin?.end();
  await ended;
}

/** Asks the Redis of a URL, on a connection of its own; throws when it is not there. */
export async function withRedis<T>(url: string, use: (client: Redis) => Promise<T>): Promise<T> {
  // disconnectTimeout: a timer of two seconds otherwise outlives a failed connection and keeps Jest from ending.
  const options = { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0, disconnectTimeout: 100 };
  const client = new Redis(url, options);
  client.on('error', () => undefined); // the command that failed says it too
  try {
    await client.connect();
    const result = await use(client);
    await client.quit();
    return result;
  } finally {
    client.disconnect();
  }
}
