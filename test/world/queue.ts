import { Redis } from 'ioredis';
import pg from 'pg';
import { currentBackend, eventually, startTestRedis, type TestRedisCluster } from '#testing';
import { openGate } from './gate.js';

/** Where BullMQ keeps its jobs in this run, as somebody with power over it sees it. */
export interface QueueServer {
  /** What Herald is configured with for it. */
  env: { REDIS_URL?: string };
  /** Throws every job away, at once: FLUSHALL, or its like on Postgres. */
  empty(): Promise<void>;
  /** Takes it away, and its jobs, while Postgres' other tables stay. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  /** Ends it and starts it again, empty; on Postgres its schema is dropped. */
  restart(): Promise<void>;
  /** Lets nothing be added, as a server that has no memory left does, until `relieve`. */
  fill(): Promise<void>;
  relieve(): Promise<void>;
  /** Bytes that it uses now. */
  usedBytes(): Promise<number>;
  /** Everything that it holds, as text. */
  dump(): Promise<string>;
  /** Puts texts, each with its own number, into every kind of place that a dump must look at. @returns how many */
  plant(text: string): Promise<number>;
  stop(): Promise<void>;
}

/** The queue server of HERALD_TEST_BACKEND, empty. */
export function startQueueServer(databaseUrl: string): Promise<QueueServer> {
  return currentBackend() === 'redis' ? startRedis() : Promise.resolve(startInPostgres(databaseUrl));
}

/** A Redis Cluster as the queue server: what can be known of it, and emptied; it is not taken away as a whole. */
export function queueOnCluster(cluster: TestRedisCluster): QueueServer {
  const masters = () => cluster.client.nodes('master');
  const never = () => Promise.reject(new Error('no journey does this to a whole cluster'));
  return {
    env: { REDIS_URL: cluster.url },
    empty: async () => void (await Promise.all(masters().map((master) => master.flushall()))),
    dump: async () => (await Promise.all(masters().map(dumpRedis))).join('\n'),
    stop: () => cluster.stop(),
    goDown: never,
    comeBack: never,
    restart: never,
    fill: never,
    relieve: never,
    usedBytes: never,
    plant: never,
  };
}

async function startRedis(): Promise<QueueServer> {
  const redis = await startTestRedis();
  const gate = await openGate(redis.url);
  const client = new Redis(redis.url, { maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  return {
    env: { REDIS_URL: gate.url },
    empty: async () => void (await client.flushall()),
    goDown: async () => {
      await gate.shut();
      await client.flushall();
    },
    comeBack: () => gate.open(),
    restart: async () => {
      await gate.shut();
      await client.flushall();
      await redis.stop();
      await redis.start();
      await gate.open();
    },
    fill: async () => void (await client.config('SET', 'maxmemory', '1')),
    relieve: async () => void (await client.config('SET', 'maxmemory', '0')),
    usedBytes: async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]),
    dump: () => dumpRedis(client),
    plant: (text) => plantInRedis(client, text),
    stop: async () => {
      await gate.shut();
      await client.quit();
      await redis.stop();
    },
  };
}

/** Reads every key, whatever its type. */
async function dumpRedis(client: Redis): Promise<string> {
  const lines: string[] = [];
  for (const key of await client.keys('*')) lines.push(`${key} ${JSON.stringify(await readKey(client, key))}`);
  return lines.join('\n');
}

async function readKey(client: Redis, key: string): Promise<unknown> {
  const type = await client.type(key);
  switch (type) {
    case 'none': // gone since
      return null;
    case 'string':
      return client.get(key);
    case 'hash':
      return client.hgetall(key);
    case 'list':
      return client.lrange(key, 0, -1);
    case 'set':
      return client.smembers(key);
    case 'zset':
      return client.zrange(key, '0', '-1');
    case 'stream':
      return client.xrange(key, '-', '+');
    default:
      throw new Error(`${key} is a ${type}, which nobody searches`);
  }
}

async function plantInRedis(client: Redis, text: string): Promise<number> {
  const numbered = Array.from({ length: 9 }, (_, index) => `${text}-${index}`);
  const [key = '', string = '', field = '', value = '', item = '', member = '', scored = '', entry = '', name = ''] =
    numbered;
  await client.set('planted', string);
  await client.set(key, '');
  await client.hset('planted-hash', field, value);
  await client.rpush('planted-list', item);
  await client.sadd('planted-set', member);
  await client.zadd('planted-zset', 1, scored);
  await client.xadd('planted-stream', '*', name, entry);
  return numbered.length;
}

/** BullMQ's tables, without the one that says which version they are. */
const QUEUE_TABLES = `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
  WHERE table_schema = 'bullmq' AND table_type = 'BASE TABLE' AND table_name <> 'migration' ORDER BY 1`;

function startInPostgres(databaseUrl: string): QueueServer {
  // A pool, because a journey may break its connections together with Herald's.
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
  const tables = async () => (await pool.query<{ name: string }>(QUEUE_TABLES)).rows.map(({ name }) => name);
  let locker: pg.PoolClient | undefined;
  return {
    env: {},
    // Repeated, because of two that lock each other out, this one or BullMQ, Postgres sends one away.
    empty: async () => {
      for (const name of await tables()) await eventually(() => pool.query(`DELETE FROM ${name}`));
    },
    // Whoever asks for a job, or adds one, waits for a lock that is not given: a queue that does not answer.
    goDown: async () => {
      const names = (await tables()).join(', ');
      const client = (locker = await pool.connect());
      await eventually(() =>
        client.query(`ROLLBACK; BEGIN; LOCK TABLE ${names} IN ACCESS EXCLUSIVE MODE; TRUNCATE ${names}`),
      );
    },
    comeBack: async () => {
      await locker?.query('COMMIT');
      locker?.release();
      locker = undefined;
    },
    restart: async () => void (await eventually(() => pool.query('DROP SCHEMA IF EXISTS bullmq CASCADE'))),
    fill: async () =>
      void (await eventually(() =>
        pool.query('ALTER TABLE bullmq.job ADD CONSTRAINT no_room CHECK (false) NOT VALID'),
      )),
    relieve: async () =>
      void (await eventually(() => pool.query('ALTER TABLE bullmq.job DROP CONSTRAINT IF EXISTS no_room'))),
    usedBytes: async () => {
      const { rows } = await pool.query<{ bytes: string }>(
        `SELECT coalesce(sum(pg_total_relation_size(format('%I.%I', table_schema, table_name)::regclass)), 0) AS bytes
         FROM information_schema.tables WHERE table_schema = 'bullmq'`,
      );
      return Number(rows[0]?.bytes);
    },
    dump: () => dumpQueueTables(pool),
    plant: (text) => plantInQueueTables(pool, text),
    stop: () => {
      locker?.release(true);
      return pool.end();
    },
  };
}

/** Reads every row of BullMQ's schema. */
async function dumpQueueTables(pool: pg.Pool): Promise<string> {
  const lines: string[] = [];
  for (const { name } of (await pool.query<{ name: string }>(QUEUE_TABLES)).rows) {
    const { rows } = await pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    lines.push(...rows.map(({ row }) => `${name} ${row}`));
  }
  return lines.join('\n');
}

async function plantInQueueTables(pool: pg.Pool, text: string): Promise<number> {
  const job =
    'INSERT INTO bullmq.job (queue, id, seq, name, state, data, added_at_ms) VALUES ($1, $2, 0, $3, $4, $5, 0)';
  await pool.query(job, ['planted', `${text}-0`, `${text}-1`, 'completed', { planted: `${text}-2` }]);
  const event = 'INSERT INTO bullmq.event (queue, event, data, created_at_ms) VALUES ($1, $2, $3, 0)';
  await pool.query(event, ['planted', `${text}-3`, { planted: `${text}-4` }]);
  await pool.query('INSERT INTO bullmq.meta (queue, field, value) VALUES ($1, $2, $3)', [
    'planted',
    `${text}-5`,
    `${text}-6`,
  ]);
  return 7;
}
