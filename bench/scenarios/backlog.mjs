import { Redis } from 'ioredis';
import { addQueued, tidy } from '../harness/backlog.mjs';
import { resultOf } from '../harness/figures.mjs';
import { startGraph, startHerald } from '../harness/herald.mjs';
import { peakOf, residentOf } from '../harness/process-figures.mjs';
import { sent } from './send.mjs';

const BACKLOG = 1_000_000;
/** Waiting still when the last send that counts is over: the run against which a backlog is held does not run dry either. */
const FEW = 10_000;
const SENT = 50_000;
const MB_PER_MIB = 1.048_576;
const MOST_MB = { redis: 50, process: 250 };

/** How fast messages are sent, and what Redis and each process take, while 1,000,000 others wait, against the same with few. */
export async function benchBacklog({ rounds, scale, say, meter }) {
  const [count, few, many] = [SENT, FEW, BACKLOG].map((size) => Math.round(size * Math.min(1, scale)));
  const graph = await startGraph();
  const runs = { few: [], many: [] };
  try {
    for (let round = 1; round <= rounds; round += 1) {
      say(`backlog, round ${round} of ${rounds}`);
      runs.few.push(await sendWith(few, { graph, count, meter }));
      runs.many.push(await sendWith(many, { graph, count, meter }));
    }
  } finally {
    await graph.kill('SIGKILL');
  }
  const row = (what, figure, { unit, target }) =>
    resultOf(`${what} with ${many} waiting (floor: with ${few})`, {
      unit,
      ours: runs.many.map((run) => ({ value: run[figure] })),
      floors: runs.few.map((run) => ({ value: run[figure] })),
      target,
    });
  const memory = (what, figure, atMost) => row(`memory of ${what}`, figure, { unit: 'MB', target: { atMost } });
  return [
    row('send', 'perSecond', { unit: 'messages/s', target: { ratio: 0.9 } }),
    memory('Redis, the most', 'redis', MOST_MB.redis),
    memory('the worker that sends, the most', 'worker', MOST_MB.process),
    memory('an api that nobody asks', 'api', MOST_MB.process),
    memory('a webhooks process that nobody asks', 'webhooks', MOST_MB.process),
  ];
}

/** One run on a stack of its own: `count` sends, and so many messages that wait after them. */
async function sendWith(waiting, { graph, count, meter }) {
  const herald = await startHerald({ graphUrl: graph.url });
  const redis = new Redis(herald.redisUrl);
  try {
    await addQueued(herald.query, waiting + count);
    await tidy(herald);
    const webhooks = await herald.spawn('webhooks');
    await graph.forget();
    return await meter(`send, ${waiting} others wait`, count, {}, async (watch) => {
      const worker = await herald.spawn('worker');
      watch({ worker: worker.pid, redis: herald.redisPid });
      const { value } = await sent(graph, count);
      const used = /used_memory_peak:(\d+)/.exec(await redis.info('memory'));
      // The start of a process takes more than it does afterwards; of those that nobody asks, that is all there would be to see.
      const taken = await Promise.all([peakOf(worker.pid), residentOf(herald.api.pid), residentOf(webhooks.pid)]);
      const [ofWorker, ofApi, ofWebhooks] = taken.map((mib) => mib * MB_PER_MIB);
      return { perSecond: value, redis: Number(used?.[1]) / 1e6, worker: ofWorker, api: ofApi, webhooks: ofWebhooks };
    });
  } finally {
    redis.disconnect();
    await herald.stop();
  }
}
