import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { addAccepted } from '../harness/backlog.mjs';
import { resultOf } from '../harness/figures.mjs';
import { startFloor, startGraph, startHerald, webhookRequest } from '../harness/herald.mjs';
import { closedLoop } from '../harness/http-load.mjs';

const DELIVERIES = 12_000;
const CONNECTIONS = 64;
const MANY = 500;
const MANY_DELIVERIES = 160;
const MANY_CONNECTIONS = 4;
const WARM = 500;
const POLL_MS = 20;

/** `delivered` of a message that Meta has taken, with what each was billed as. */
const statusOf = ({ id, recipient }, ts) => ({
  id: `wamid.${id}`,
  status: 'delivered',
  timestamp: String(ts),
  recipient_id: recipient,
  biz_opaque_callback_data: `a1.${id}.1`,
  pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: 'service' },
});

/** A signed delivery for each of these messages. */
export function singleDeliveries(messages) {
  const now = Math.floor(Date.now() / 1_000);
  return messages.map((message) => webhookRequest([statusOf(message, now)]));
}

/** Deliveries that a process of webhooks stores and a worker applies. `value` is statuses a second until the last is applied. */
export async function deliverAndApply(
  herald,
  { url },
  deliveries,
  { connections = CONNECTIONS, statuses = deliveries.length } = {},
) {
  const startedAt = performance.now();
  const loop = await closedLoop(url, { count: deliveries.length, connections, requestOf: (n) => deliveries[n] });
  await applied(herald);
  return { ...loop, value: (statuses * 1_000) / (performance.now() - startedAt) };
}

/** How fast statuses are taken, stored and applied, one and 500 a delivery, against a server that only stores them. */
export async function benchWebhooks({ rounds, scale, say, meter }) {
  const graph = await startGraph();
  const floor = await startFloor('webhook');
  const herald = await startHerald({ graphUrl: graph.url });
  const runs = { floor: [], floorOfMany: [], one: [], many: [] };
  let first = 1;
  const accepted = async (count) => {
    const messages = await addAccepted(herald, count, first);
    first += count;
    return messages;
  };
  try {
    const program = await floor.start();
    const [webhooks, worker] = await Promise.all([herald.spawn('webhooks'), herald.spawn('worker')]);
    const pids = { webhooks: webhooks.pid, worker: worker.pid };
    const store = async (deliveries, connections, count) => {
      const loop = await closedLoop(program.url, {
        count: deliveries.length,
        connections,
        requestOf: (n) => deliveries[n],
      });
      return { ...loop, value: count / loop.seconds };
    };
    const singles = async (count) => singleDeliveries(await accepted(count));
    const groups = async (count) => {
      const messages = await accepted(count * MANY);
      const now = Math.floor(Date.now() / 1_000);
      return Array.from({ length: count }, (_, n) =>
        webhookRequest(messages.slice(n * MANY, (n + 1) * MANY).map((message) => statusOf(message, now))),
      );
    };
    const warm = await singles(WARM);
    await store(warm, CONNECTIONS, WARM);
    await deliverAndApply(herald, webhooks, warm);
    const [few, many] = [Math.round(DELIVERIES * scale), Math.max(8, Math.round(MANY_DELIVERIES * scale))];
    for (let round = 1; round <= rounds; round += 1) {
      say(`webhooks, round ${round} of ${rounds}`);
      const one = await singles(few);
      const grouped = await groups(many);
      runs.floor.push(await meter('webhook floor', few, { floor: program.pid }, () => store(one, CONNECTIONS, few)));
      runs.one.push(await meter('webhooks, one status', few, pids, () => deliverAndApply(herald, webhooks, one)));
      runs.floorOfMany.push(
        await meter(`webhook floor, ${MANY} statuses`, many * MANY, { floor: program.pid }, () =>
          store(grouped, MANY_CONNECTIONS, many * MANY),
        ),
      );
      runs.many.push(
        await meter(`webhooks, ${MANY} statuses`, many * MANY, pids, () =>
          deliverAndApply(herald, webhooks, grouped, { connections: MANY_CONNECTIONS, statuses: many * MANY }),
        ),
      );
    }
    const [{ delivered }] = await herald.query('SELECT count(*)::int AS delivered FROM message WHERE wa_rank = 4');
    if (delivered !== first - 1) throw new Error(`${delivered} of ${first - 1} statuses were applied`);
    const unit = 'statuses/s';
    return [
      resultOf('webhooks, one status a delivery', {
        unit,
        ours: runs.one,
        floors: runs.floor,
        target: { ratio: 1.5, p99AtMost: 250 },
      }),
      resultOf(`webhooks, ${MANY} statuses a delivery`, {
        unit,
        ours: runs.many,
        floors: runs.floorOfMany,
        target: { atLeast: 12_000 },
      }),
    ];
  } finally {
    await floor.stop();
    await herald.stop();
    await graph.kill('SIGKILL');
  }
}

/** Until nothing that was stored waits to be applied. */
async function applied({ query }) {
  for (;;) {
    const [{ waiting }] = await query('SELECT count(*)::int AS waiting FROM inbox_work');
    if (waiting === 0) return;
    await sleep(POLL_MS);
  }
}
