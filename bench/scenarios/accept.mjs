import { closedLoop } from '../harness/http-load.mjs';
import { resultOf } from '../harness/figures.mjs';
import { bulkRequest, sendRequest, startFloor, startGraph, startHerald } from '../harness/herald.mjs';

const REQUESTS = 12_000;
const WARM = 1_000;
const CONNECTIONS = 64;
const BULK = 500;
const BULK_REQUESTS = 60;
const BULK_CONNECTIONS = 2;

const floorRequest = (n) => ({
  path: '/messages',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    to: `1555${String(2_000_000 + n).padStart(7, '0')}`,
    message: { type: 'text', text: { body: 'Your table is ready' } },
  }),
});

async function rates(url, count, connections, requestOf, perRequest = 1) {
  const loop = await closedLoop(url, { count, connections, requestOf });
  return { ...loop, value: (count * perRequest) / loop.seconds };
}

/** Has `count` texts accepted, a request each, numbered from `first`: no number may come twice. */
export const acceptOneByOne = ({ api }, count, first) =>
  rates(api.url, count, CONNECTIONS, (n) => sendRequest(first + n));

/** How many messages a second are accepted, one by one and 500 a request, with all checks, keys and events. */
export async function benchAccept({ rounds, scale, say, meter }) {
  const graph = await startGraph();
  const floor = await startFloor('accept');
  const herald = await startHerald({ graphUrl: graph.url });
  const program = await floor.start();
  const runs = { floor: [], single: [], bulk: [] };
  let [floorNext, next, bulkNext] = [0, 0, 0];
  const requests = Math.round(REQUESTS * scale);
  const bulks = Math.max(BULK_CONNECTIONS, Math.round(BULK_REQUESTS * scale));
  const ofFloor = (count) => rates(program.url, count, CONNECTIONS, () => floorRequest(floorNext++));
  const ofHerald = async (count) => {
    next += count;
    return acceptOneByOne(herald, count, next - count);
  };
  const inBulk = (count) =>
    rates(herald.api.url, count, BULK_CONNECTIONS, () => bulkRequest(10_000 + bulkNext++, BULK), BULK);
  try {
    await ofFloor(WARM);
    await ofHerald(WARM);
    await inBulk(BULK_CONNECTIONS);
    for (let round = 1; round <= rounds; round += 1) {
      say(`accept, round ${round} of ${rounds}`);
      runs.floor.push(await meter('accept floor', requests, { floor: program.pid }, () => ofFloor(requests)));
      runs.single.push(await meter('accept', requests, { api: herald.api.pid }, () => ofHerald(requests)));
      runs.bulk.push(await meter('accept in bulk', bulks * BULK, { api: herald.api.pid }, () => inBulk(bulks)));
    }
    const common = { unit: 'messages/s', floors: runs.floor };
    return [
      resultOf('accept one by one', { ...common, ours: runs.single, target: { ratio: 1.5, p99OfFloor: true } }),
      resultOf(`accept in bulk of ${BULK}`, { ...common, ours: runs.bulk, target: { ratio: 8 } }),
    ];
  } finally {
    await floor.stop(program);
    await herald.stop();
    await graph.kill('SIGKILL');
  }
}
