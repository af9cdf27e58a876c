import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { SENDER, startStack } from '../../scripts/pace-drill/stack.mjs';
import { resultOf } from '../harness/figures.mjs';
import { residentOf } from '../harness/process-figures.mjs';

const BACKLOG = 1_000_000;
const FILL_BATCH = 100_000;
/** Enough to send from the first sample to the last, and no backlog. */
const FEW = 5_000;
const WARM_MS = 20_000;
const SAMPLES = 40;
const SAMPLE_MS = 1_000;

/** Bulk messages as T0 leaves them. */
const FILL = `
WITH m AS (
  INSERT INTO message (id, client_id, phone_number_id, recipient, type, priority, policy, expires_at)
  SELECT uuidv7(), '00000000-0000-7000-8000-000000000001', '${SENDER}', (15550200000 + i)::text, 'text', 2, 'at_least_once', now() + interval '1 hour'
  FROM generate_series($1::int, $2::int) i RETURNING id
), c AS (
  INSERT INTO message_content (id, content) SELECT id, '{"type":"text","text":{"body":"Your table is ready"}}' FROM m
)
INSERT INTO event (id, client_id, type, message_id, payload)
SELECT uuidv7(), '00000000-0000-7000-8000-000000000001', 'message.queued', id, '{"by":"api"}' FROM m`;

/** What Redis and a worker take while they send and 1,000,000 messages wait, against the same with few. */
export async function benchBacklog() {
  const stack = await startStack('redis');
  const redis = new Redis(stack.redisUrl);
  try {
    await stack.query(FILL, [1, FEW]);
    await sleep(WARM_MS);
    const few = await most(stack, redis);
    for (let from = 1; from <= BACKLOG; from += FILL_BATCH) await stack.query(FILL, [from, from + FILL_BATCH - 1]);
    await stack.query('ANALYZE message');
    await sleep(WARM_MS);
    const during = await most(stack, redis);
    const [{ waiting }] = await stack.query(`SELECT count(*)::int AS waiting FROM message WHERE state = 'queued'`);
    const memory = (what, unit, now, before, atMost) =>
      resultOf(`${what} with ${waiting} waiting (floor: with ${FEW})`, {
        unit,
        ours: [{ value: now }],
        floors: [{ value: before }],
        target: { atMost },
      });
    return [
      memory('memory of Redis', 'MB', during.redis, few.redis, 50),
      memory('memory of the worker', 'MiB', during.worker, few.worker, 250),
    ];
  } finally {
    redis.disconnect();
    await stack.stop();
  }
}

/** The most memory of some samples. */
async function most(stack, redis) {
  const seen = { redis: 0, worker: 0 };
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const used = /used_memory:(\d+)/.exec(await redis.info('memory'));
    seen.redis = Math.max(seen.redis, Number(used?.[1]) / 1e6);
    seen.worker = Math.max(seen.worker, await residentOf(stack.workerPid));
    await sleep(SAMPLE_MS);
  }
  return seen;
}
