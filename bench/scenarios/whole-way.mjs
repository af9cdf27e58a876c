import { setTimeout as sleep } from 'node:timers/promises';
import { median, quantiles, resultOf } from '../harness/figures.mjs';
import { sendRequest, startHerald } from '../harness/herald.mjs';
import { openLoop } from '../harness/http-load.mjs';
import { startSimulator } from '../harness/simulator.mjs';

const RATE = 300;
const SECONDS = 60;
const CONNECTIONS = 64;
const WARM_SECONDS = 5;
/** Rates that are tried, messages a second, until one is not kept up with. */
const STEPS = [200, 300, 400, 500, 600, 800, 1_000, 1_200];
const STEP_SECONDS = 20;
/** The way a message takes may be this much longer at the end of a run than at its beginning: twice, and what a pause takes. */
const GROWTH = { factor: 2, ms: 100 };
/** After the last request, so long until every status is applied, ms. */
const CATCH_UP_MS = 5_000;
const POLL_MS = 50;

/** How long after its accept each message was known to be read, ms. */
const READS = `
SELECT (extract(epoch FROM e.created_at - m.created_at) * 1000)::float8 AS ms
FROM message m JOIN event e ON e.message_id = m.id AND e.type = 'message.read' WHERE m.created_at >= $1`;

/** Accept → Graph → three statuses at a fixed rate; then the highest rate that is kept up with, 20 statuses a delivery and one. */
export async function benchWholeWay({ scale, say, meter }) {
  const seconds = Math.max(10, Math.round(SECONDS * scale));
  const stack = await startWholeWay(20);
  let fixed;
  try {
    await run(stack, { rate: RATE, seconds: WARM_SECONDS });
    say(`whole way at ${RATE}/s for ${seconds} s`);
    fixed = await meter(`whole way at ${RATE}/s`, RATE * seconds, stack.pids, () =>
      run(stack, { rate: RATE, seconds }),
    );
  } finally {
    await stack.stop();
  }
  const highest = [];
  for (const { batchSize, atLeast } of [
    { batchSize: 20, atLeast: 1_000 },
    { batchSize: 1, atLeast: 500 },
  ]) {
    const value = await highestRate({ batchSize, seconds: Math.max(10, Math.round(STEP_SECONDS * scale)), say });
    highest.push(
      resultOf(`whole way, highest rate kept up with, ${batchSize} statuses a delivery`, {
        unit: 'messages/s',
        ours: [{ value }],
        target: { atLeast },
      }),
    );
  }
  return [
    resultOf(`whole way at ${RATE}/s: request → 202, p99`, timesOf(fixed.answers)),
    resultOf(`whole way at ${RATE}/s: accept → Graph, p99`, { ...timesOf(fixed.toGraph), target: { atMost: 500 } }),
    resultOf(`whole way at ${RATE}/s: accept → read is stored, p99`, timesOf(fixed.toRead)),
    resultOf(`whole way at ${RATE}/s: growth of accept → Graph, last fifth less first`, {
      unit: 'ms',
      ours: [{ value: fixed.growthMs }],
      target: { atMost: GROWTH.ms },
    }),
    ...highest,
  ];
}

const timesOf = ({ p50, p95, p99 }) => ({ unit: 'ms', ours: [{ value: p99, p50, p95, p99 }] });

/** The last rate that was kept up with, each tried twice at most. */
async function highestRate({ batchSize, seconds, say }) {
  let best = 0;
  for (const rate of STEPS) {
    const keepsUp = () => keepsUpWith({ rate, batchSize, seconds, say });
    if (!(await keepsUp()) && !(await keepsUp())) return best;
    best = rate;
  }
  return best;
}

/** On a stack of its own: what one run leaves behind is not the next one's. */
async function keepsUpWith({ rate, batchSize, seconds, say }) {
  const stack = await startWholeWay(batchSize);
  try {
    await run(stack, { rate: 100, seconds: WARM_SECONDS });
    const { isKeptUp, growthMs, missing } = await run(stack, { rate, seconds });
    say(
      `${rate}/s, ${batchSize} a delivery: ${isKeptUp ? 'kept up' : `not (growth ${Math.round(growthMs)} ms, ${missing} messages late)`}`,
    );
    return isKeptUp;
  } finally {
    await stack.stop();
  }
}

/** api, webhooks, worker and the simulator, which sends up to `batchSize` statuses a delivery. */
export async function startWholeWay(batchSize) {
  const simulator = await startSimulator();
  await simulator.control('PATCH', '/settings', { batchSize, pairCapacity: 0 });
  const herald = await startHerald({ graphUrl: simulator.url });
  const [webhooks, worker] = await Promise.all([
    herald.spawn('webhooks', { PORT: simulator.webhooksPort }),
    herald.spawn('worker'),
  ]);
  return {
    simulator,
    herald,
    next: 0,
    pids: {
      ...{ api: herald.api.pid, webhooks: webhooks.pid, worker: worker.pid },
      ...{ redis: herald.redisPid, simulator: simulator.pid },
    },
    stop: async () => {
      await herald.stop();
      await simulator.kill('SIGKILL');
    },
  };
}

/** Sends at a rate and follows each message to Graph and through its statuses. */
async function run(stack, { rate, seconds }) {
  const { simulator, herald } = stack;
  const [{ now }] = await herald.query('SELECT now() AS now');
  const answers = await openLoop(herald.api.url, {
    perSecond: rate,
    seconds,
    connections: CONNECTIONS,
    requestOf: () => sendRequest(stack.next++),
  });
  const missing = await caughtUp(herald, now);
  const arrivals = await arrivalsOf(simulator);
  const rows = await herald.query('SELECT id, created_at FROM message WHERE created_at >= $1 ORDER BY id', [now]);
  const waits = rows.map(({ id, created_at }) => (arrivals.get(id) ?? Infinity) - created_at.getTime());
  const reads = await herald.query(READS, [now]);
  const fifth = Math.max(1, Math.floor(waits.length / 5));
  const growthMs = median(waits.slice(-fifth)) - median(waits.slice(0, fifth));
  const isSteady = median(waits.slice(-fifth)) <= GROWTH.factor * median(waits.slice(0, fifth)) + GROWTH.ms;
  const toRead = quantiles(reads.map(({ ms }) => ms));
  return { answers, toGraph: quantiles(waits), toRead, growthMs, missing, isKeptUp: isSteady && missing === 0 };
}

/** When each message reached Graph first, by its id, ms. */
async function arrivalsOf({ control }) {
  const { requests } = await control('GET', '/requests?limit=1000000');
  const arrivals = new Map();
  for (const { attemptId, at } of requests) {
    const id = attemptId.split('.')[1];
    if (!arrivals.has(id)) arrivals.set(id, Date.parse(at));
  }
  return arrivals;
}

/** Waits until all of the run's messages are read. @returns how many are not, when the time is over */
export async function caughtUp(herald, since, forMs = CATCH_UP_MS) {
  const endsAt = Date.now() + forMs;
  for (;;) {
    const [{ missing }] = await herald.query(
      'SELECT count(*)::int AS missing FROM message WHERE created_at >= $1 AND wa_rank < 5',
      [since],
    );
    if (missing === 0 || Date.now() > endsAt) return missing;
    await sleep(POLL_MS);
  }
}
