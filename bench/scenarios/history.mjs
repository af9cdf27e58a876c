import { addAccepted, addHistory, HISTORY_BYTES, tidy } from '../harness/backlog.mjs';
import { resultOf } from '../harness/figures.mjs';
import { startGraph } from '../harness/herald.mjs';
import { acceptOneByOne } from './accept.mjs';
import { heraldRun } from './send.mjs';
import { deliverAndApply, singleDeliveries } from './webhooks.mjs';

const ROWS = 1_000_000;
const BACKLOG = 50_000;
const REQUESTS = 12_000;
const WARM = 500;
/** Above all that are sent to otherwise. */
const FIRST_RECIPIENT = 50_000_000;

const rowsOf = (scale) => Math.round(ROWS * scale);

/** Bytes of disk that it needs: what the rows become, and half as much for the way there. */
export const historyBytes = (scale) => rowsOf(scale) * HISTORY_BYTES * 1.5;

/** How fast a backlog is sent, statuses are applied and messages accepted when the tables hold a year, against the same with empty ones. */
export async function benchHistory({ rounds, scale, say, meter }) {
  const rows = rowsOf(scale);
  const graph = await startGraph();
  const [backlog, requests] = [BACKLOG, REQUESTS].map((count) => Math.round(count * Math.min(1, scale)));
  const runs = { none: [], much: [] };
  const run = (of, prepare) =>
    heraldRun(graph, 'redis', backlog, meter, {
      what: `send, ${of}`,
      prepare,
      goOn: (herald, worker) => othersOn(herald, worker, requests, (what, ...rest) => meter(`${what}, ${of}`, ...rest)),
    });
  try {
    for (let round = 1; round <= rounds; round += 1) {
      say(`history, round ${round} of ${rounds}`);
      runs.none.push(await run('no history', tidy));
      runs.much.push(await run(`${rows} messages of the past`, (herald) => addHistory(herald, rows, say)));
    }
  } finally {
    await graph.kill('SIGKILL');
  }
  const row = (what, unit, runOf = (one) => one) =>
    resultOf(`${what} with ${rows} messages of the past (floor: with none)`, {
      unit,
      ours: runs.much.map(runOf),
      floors: runs.none.map(runOf),
      target: { ratio: 0.9 },
    });
  return [
    row('send', 'messages/s'),
    row('webhooks, one status a delivery', 'statuses/s', ({ statuses }) => statuses),
    row('accept one by one', 'messages/s', ({ accept }) => accept),
  ];
}

/** The other rates, on the stack that has sent: statuses, then accepting with no worker. Each is warm before it is measured. */
async function othersOn(herald, worker, count, meter) {
  const webhooks = await herald.spawn('webhooks');
  const deliveries = singleDeliveries(await addAccepted(herald, WARM + count, FIRST_RECIPIENT));
  await deliverAndApply(herald, webhooks, deliveries.splice(0, WARM));
  const pids = { webhooks: webhooks.pid, worker: worker.pid };
  const statuses = await meter('webhooks', count, pids, () => deliverAndApply(herald, webhooks, deliveries));
  await herald.end(worker);
  await acceptOneByOne(herald, WARM, 0);
  const accept = await meter('accept', count, { api: herald.api.pid }, () => acceptOneByOne(herald, count, WARM));
  return { statuses, accept };
}
