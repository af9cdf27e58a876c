import { randomBytes } from 'node:crypto';
import { setPriority } from 'node:os';
import { createTestDatabase, freePort, spawnProcess, startTestRedis } from '#testing';
import pg from 'pg';

export const SENDER = '800000000000001';
const SECRETS = {
  META_APP_SECRET: 'drill-app-secret',
  META_VERIFY_TOKEN: 'drill-verify-token',
  HERALD_ADMIN_KEY: 'hk_drill_admin_key_0123456789abcdef',
};

/** api, webhooks, worker and simulator as processes of their own on a fresh database and queue, at the protocol's own times. */
export async function startStack(backend) {
  const database = await createTestDatabase();
  const redis = backend === 'redis' ? await startTestRedis() : undefined;
  const webhooksPort = String(await freePort());
  const started = [];
  const spawn = async (name, env, options) => {
    const child = await spawnProcess(name, env, options);
    started.push(child);
    return child;
  };
  const simulator = await spawn(
    'graph-simulator',
    {
      META_APP_SECRET: SECRETS.META_APP_SECRET,
      SIMULATOR_ENFORCE_WINDOW: 'false',
      SIMULATOR_WEBHOOK_URL: `http://127.0.0.1:${webhooksPort}/webhooks/whatsapp`,
    },
    { readyPath: '/health/live' },
  );
  giveWay(simulator.pid);
  const env = {
    ...SECRETS,
    DATABASE_URL: database.url,
    REDIS_URL: redis?.url,
    GRAPH_API_BASE_URL: simulator.url,
    HERALD_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    LOG_LEVEL: 'warn',
  };
  const [api, , worker] = await Promise.all([
    spawn('api', env),
    spawn('webhooks', { ...env, PORT: webhooksPort }),
    spawn('worker', env),
  ]);
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  const stack = {
    simulatorUrl: simulator.url,
    redisUrl: redis?.url,
    workerPid: worker.pid,
    post: (path, body) => post(api.url + path, body, SECRETS.HERALD_ADMIN_KEY),
    control: (path, body) => post(`${simulator.url}/_simulator${path}`, body),
    query: async (sql, values) => (await pool.query(sql, values)).rows,
    /** Every send that Meta saw. */
    sends: async () => {
      const answer = await fetch(`${simulator.url}/_simulator/requests?limit=1000000`);
      return (await answer.json()).requests;
    },
    /** What the processes said that is worth a look. */
    warnings: () =>
      started.flatMap((child) =>
        child
          .output()
          .split('\n')
          .filter((line) => /"level":"?(warn|error|40|50)/.test(line)),
      ),
    stop: async () => {
      await Promise.all(started.map((child) => child.kill('SIGKILL')));
      await pool.end();
      await redis?.stop();
      await database.drop();
    },
  };
  await stack.post('/v1/senders', { phoneNumberId: SENDER, wabaId: '900000000000001', accessToken: 'EAAdrill' });
  return stack;
}

/** Meta has machines of its own: the simulator shall not count as a burst what waited for this one's processor. Needs root. */
function giveWay(pid) {
  try {
    setPriority(pid, -15);
  } catch {
    console.log(
      '  (not allowed to put the simulator first: on a busy machine its clock may see bursts that were none)',
    );
  }
}

async function post(url, body, key) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify(body),
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${JSON.stringify(json)}`);
  return json;
}
