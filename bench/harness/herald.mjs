import { createHmac, randomBytes } from 'node:crypto';
import { createTestDatabase, spawnProcess, startTestRedis } from '#testing';
import { Redis } from 'ioredis';
import pg from 'pg';
import { profileOptions } from './profiles.mjs';

export const ADMIN_KEY = 'hk_bench_admin_key_0123456789abcdef';
const APP_SECRET = 'bench-app-secret';
/** The client of messages that are written straight into the tables. */
export const CLIENT = '00000000-0000-7000-8000-000000000001';

export const WABA = '900000000000001';

/** So many numbers of the highest throughput send at once: what is measured is Herald, not Meta's limit of one number. */
const SENDERS = 20;
export const senderOf = (n) => String(800000000000001 + (n % SENDERS));

const KEY_HEADERS = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };

/** `bench/graph.mjs`, running. */
export async function startGraph() {
  const graph = await spawnProcess('bench/graph.mjs', {}, { readyPath: '/' });
  return {
    ...graph,
    /** How many sends it has taken, and when the first and last one came. */
    taken: async () => (await fetch(`${graph.url}/_taken`)).json(),
    forget: async () => (await fetch(`${graph.url}/_taken`, { method: 'DELETE' })).json(),
  };
}

/** One of `bench/floors/`, with a database and a Redis of its own. */
export async function startFloor(name, env = {}) {
  const database = await createTestDatabase();
  const redis = await startTestRedis();
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  const settings = { DATABASE_URL: database.url, REDIS_URL: redis.url, META_APP_SECRET: APP_SECRET, ...env };
  const start = () => spawnProcess(`bench/floors/${name}.mjs`, settings);
  return {
    redisUrl: redis.url,
    start,
    query: async (sql, values) => (await pool.query(sql, values)).rows,
    stop: async (...processes) => {
      await Promise.all(processes.map((child) => child.kill('SIGKILL')));
      await pool.end();
      await redis.stop();
      await database.drop();
    },
  };
}

/** Herald's api with senders, on a database and a queue of its own; `spawn` starts its other processes. */
export async function startHerald({ backend = 'redis', graphUrl, env = {} }) {
  const database = await createTestDatabase();
  const redis = backend === 'redis' ? await startTestRedis() : undefined;
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  const settings = {
    DATABASE_URL: database.url,
    REDIS_URL: redis?.url,
    GRAPH_API_BASE_URL: graphUrl,
    META_APP_SECRET: APP_SECRET,
    META_VERIFY_TOKEN: 'bench-verify-token',
    HERALD_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    HERALD_ADMIN_KEY: ADMIN_KEY,
    LOG_LEVEL: 'error',
    // As in production, where nothing compiled is kept: it takes memory.
    NODE_DISABLE_COMPILE_CACHE: '1',
    ...(process.env.BENCH_PROFILES && { NODE_OPTIONS: profileOptions(process.env.BENCH_PROFILES) }),
    ...env,
  };
  const started = new Set();
  const query = async (sql, values) => (await pool.query(sql, values)).rows;
  const spawn = async (name, extra = {}) => {
    const child = await spawnProcess(name, { ...settings, ...extra });
    started.add(child);
    return child;
  };
  const api = await spawn('api');
  for (let n = 0; n < SENDERS; n += 1) await addSender(api.url, senderOf(n));
  await query('UPDATE sender SET throughput_limit = 1000, throughput_known_at = now()');
  return {
    api,
    redisUrl: redis?.url,
    redisPid: redis && (await processOf(redis.url)),
    spawn,
    query,
    /** Writes rows that the protocol's triggers would refuse: what stands at the end of a way that is not measured. */
    writePast: async (sql, values) => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        await client.query('SET LOCAL session_replication_role = replica');
        const { rows } = await client.query(sql, values);
        await client.query('COMMIT');
        return rows;
      } finally {
        client.release();
      }
    },
    /** Ends one of its processes. */
    end: async (child) => {
      started.delete(child);
      await child.kill('SIGTERM');
    },
    stop: async () => {
      // Who is killed writes no profile.
      await Promise.all([...started].map((child) => child.kill(process.env.BENCH_PROFILES ? 'SIGTERM' : 'SIGKILL')));
      await pool.end();
      await redis?.stop();
      await database.drop();
    },
  };
}

async function processOf(redisUrl) {
  const redis = new Redis(redisUrl);
  try {
    return Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
  } finally {
    redis.disconnect();
  }
}

async function addSender(url, phoneNumberId) {
  const answer = await fetch(`${url}/v1/senders`, {
    method: 'POST',
    headers: KEY_HEADERS,
    body: JSON.stringify({ phoneNumberId, wabaId: WABA, accessToken: 'EAAbench' }),
  });
  if (!answer.ok) throw new Error(`/v1/senders: ${answer.status} ${await answer.text()}`);
}

/** A request that sends one text, each to somebody else, with an Idempotency-Key of its own. */
export function sendRequest(n) {
  return {
    path: '/v1/messages',
    headers: { ...KEY_HEADERS, 'idempotency-key': `bench-${process.pid}-${n}` },
    body: JSON.stringify(textTo(n)),
  };
}

/** A request that sends `size` texts at once. */
export function bulkRequest(n, size) {
  const messages = Array.from({ length: size }, (_, index) => textTo(n * size + index));
  return {
    path: '/v1/messages/bulk',
    headers: { ...KEY_HEADERS, 'idempotency-key': `bulk-${process.pid}-${n}` },
    body: JSON.stringify({ messages }),
  };
}

const textTo = (n) => ({
  from: senderOf(n),
  to: `+1555${String(2_000_000 + (n % 7_000_000)).padStart(7, '0')}`,
  message: { type: 'text', text: { body: 'Your table is ready' } },
});

/** A delivery of webhooks with these statuses, signed as Meta does. */
export function webhookRequest(statuses) {
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: WABA,
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '15550100100', phone_number_id: senderOf(0) },
              statuses,
            },
          },
        ],
      },
    ],
  });
  const signature = createHmac('sha256', APP_SECRET).update(body).digest('hex');
  return {
    path: '/webhooks/whatsapp',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
    body,
  };
}
