import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { redisOptions } from '../floors/redis-options.mjs';
import { addQueued } from '../harness/backlog.mjs';
import { resultOf } from '../harness/figures.mjs';
import { startFloor, startGraph, startHerald } from '../harness/herald.mjs';

const BACKLOG = 50_000;
const POLL_MS = 100;
/** Without one more send for so long, it hangs. */
const STALLED_MS = 30_000;
const JOBS_A_TIME = 1_000;

/** From the write that claims a message to the one that settles it, ms. */
const ATTEMPT_MS = `
SELECT percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - started_at) * 1000)::float8[] AS ms
FROM attempt WHERE message_id > reporting.id_at(now() - interval '1 hour') AND wamid LIKE 'wamid.bench%'`;

/**
 * How fast a backlog is sent: the whole protocol on both queues, against a worker that reads, posts and updates. p50, p95 and p99 are
 * of Herald's attempts, from claim to settling.
 */
export async function benchSend({ rounds, scale, say, meter }) {
  const graph = await startGraph();
  const backlog = Math.round(BACKLOG * scale);
  const runs = { floor: [], redis: [], postgres: [] };
  try {
    for (let round = 1; round <= rounds; round += 1) {
      say(`send, round ${round} of ${rounds}`);
      runs.floor.push(await floorRun(graph, backlog, meter));
      for (const backend of ['redis', 'postgres']) runs[backend].push(await heraldRun(graph, backend, backlog, meter));
    }
    const common = { unit: 'messages/s', floors: runs.floor };
    return [
      resultOf(`send a backlog of ${backlog}, Redis`, { ...common, ours: runs.redis, target: { ratio: 2 } }),
      resultOf(`send a backlog of ${backlog}, Postgres`, { ...common, ours: runs.postgres, target: { ratio: 1.5 } }),
    ];
  } finally {
    await graph.kill('SIGKILL');
  }
}

async function floorRun(graph, backlog, meter) {
  const floor = await startFloor('send', { GRAPH_API_BASE_URL: graph.url });
  const queue = new Queue('floor', { connection: redisOptions(floor.redisUrl) });
  let program;
  try {
    await floor.query(`CREATE TABLE floor_message (
      id uuid PRIMARY KEY, recipient text NOT NULL, content jsonb NOT NULL, state text NOT NULL DEFAULT 'queued', wamid text,
      created_at timestamptz NOT NULL DEFAULT now())`);
    const rows = await floor.query(
      `INSERT INTO floor_message (id, recipient, content)
       SELECT uuidv7(), (15552000000 + i)::text, '{"type":"text","text":{"body":"Your table is ready"}}' FROM generate_series(1, $1::int) i RETURNING id`,
      [backlog],
    );
    for (let from = 0; from < rows.length; from += JOBS_A_TIME) {
      const some = rows.slice(from, from + JOBS_A_TIME);
      const opts = { removeOnComplete: true, removeOnFail: true };
      await queue.addBulk(some.map(({ id }) => ({ name: 'send', data: { id }, opts })));
    }
    await graph.forget();
    return await meter('send floor', backlog, {}, async (watch) => {
      program = await floor.start();
      watch({ floor: program.pid });
      return sent(graph, backlog);
    });
  } finally {
    await queue.close();
    await floor.stop(...(program ? [program] : []));
  }
}

/**
 * One run of Herald over a backlog, on a stack of its own.
 * @param prepare what is written before the backlog is
 * @param goOn what is measured after it on the same stack; its figures are given with those of the run
 */
export async function heraldRun(
  graph,
  backend,
  backlog,
  meter,
  { what = `send, ${backend}`, prepare = async () => undefined, goOn = async () => ({}) } = {},
) {
  const herald = await startHerald({ backend, graphUrl: graph.url });
  try {
    await prepare(herald);
    await addQueued(herald.query, backlog);
    await graph.forget();
    let worker;
    const run = await meter(what, backlog, {}, async (watch) => {
      worker = await herald.spawn('worker');
      watch({ worker: worker.pid, ...(herald.redisPid && { redis: herald.redisPid }) });
      const sending = await sent(graph, backlog);
      await settled(herald, backlog);
      return sending;
    });
    const [{ ms }] = await herald.query(ATTEMPT_MS);
    const [p50, p95, p99] = ms;
    return { ...run, p50, p95, p99, ...(await goOn(herald, worker)) };
  } finally {
    await herald.stop();
  }
}

/** Waits until `count` messages or more are sent. @returns messages a second from the first send to the last one */
export async function sent(graph, count) {
  let [last, lastAt] = [-1, Date.now()];
  for (;;) {
    const taken = await graph.taken();
    if (taken.count >= count) return { value: (taken.count * 1_000) / (taken.lastAt - taken.firstAt) };
    if (taken.count !== last) [last, lastAt] = [taken.count, Date.now()];
    else if (Date.now() - lastAt > STALLED_MS) throw new Error(`${taken.count} of ${count} were sent, and no more`);
    await sleep(POLL_MS);
  }
}

/** A fast run that leaves messages unsettled would be worth nothing. */
async function settled(herald, count) {
  for (let tries = 0; tries < 100; tries += 1) {
    const [{ accepted }] = await herald.query(
      `SELECT count(*)::int AS accepted FROM message
       WHERE id > reporting.id_at(now() - interval '1 hour') AND state = 'accepted' AND attempt_no = 1 AND wa_rank < 4`,
    );
    if (accepted === count) return;
    await sleep(POLL_MS);
  }
  throw new Error('not every message was accepted at its first attempt');
}
