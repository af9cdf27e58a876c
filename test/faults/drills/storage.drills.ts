import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { SENDER } from '../../world/senders.js';
import type { World } from '../../world/world.js';
import type { Drill } from '../drill.js';

/** A minute, at a twentieth. */
const MINUTE_MS = 3_000;

/** What Redis may use whatever waits in Postgres, bytes. */
const SMALL_QUEUE = 50 * 1024 * 1024;

/** What a worker may use, kB: it holds two seconds of work, not the backlog. */
const SMALL_WORKER = 300 * 1024;

async function expectSmall(world: World): Promise<void> {
  const bytes = await world.queue.usedBytes();
  if (bytes > SMALL_QUEUE) throw new Error(`the queue takes ${bytes} bytes`);
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(world.process('worker').pid)]);
  if (Number(stdout) > SMALL_WORKER) throw new Error(`the worker takes ${stdout.trim()} kB`);
}

/** Bulk messages as T0 leaves them, written at once: to accept so many one by one is not what is tried. @returns their ids */
async function aBacklog(world: World, size: number): Promise<string[]> {
  const rows = await world.query<{ id: string }>(
    `WITH m AS (
       INSERT INTO message (id, client_id, phone_number_id, recipient, type, priority, policy, expires_at)
       SELECT uuidv7(), $1::uuid, $2, (15550200000 + i)::text, 'text', 2, 'at_least_once', now() + interval '1 hour'
       FROM generate_series(1, $3::int) i RETURNING id
     ), c AS (
       INSERT INTO message_content (id, content) SELECT id, '{"type":"text","text":{"body":"Your table is ready"}}' FROM m
     ), e AS (
       INSERT INTO event (id, client_id, type, message_id, payload) SELECT uuidv7(), $1::uuid, 'message.queued', id, '{"by":"api"}' FROM m
     )
     SELECT id FROM m`,
    [randomUUID(), SENDER, size],
  );
  return rows.map(({ id }) => id);
}

/** Queue and database that lose things, or go away. */
export const STORAGE_DRILLS: Drill[] = [
  {
    name: 'empty-queue',
    what: 'FLUSHALL (or its like on Postgres) under load, three times',
    run: ({ world, during, between }) =>
      during(async () => {
        for (let i = 0; i < 3; i += 1) {
          await world.queue.empty();
          await sleep(between(100, 800));
        }
      }),
  },
  {
    name: 'queue-gone',
    what: 'the queue is gone for a minute, and comes back empty',
    run: ({ world, during }) =>
      during(async () => {
        await world.queue.goDown();
        await sleep(MINUTE_MS);
        await world.queue.comeBack();
      }),
  },
  {
    name: 'queue-restart',
    what: 'the queue server is started again, empty, twice (on Postgres: its schema is dropped)',
    run: ({ world, during, between }) =>
      during(async () => {
        for (let i = 0; i < 2; i += 1) {
          await world.queue.restart();
          await sleep(between(500, 1_500));
        }
      }),
  },
  {
    name: 'queue-full',
    what: 'the queue has no room for a job, for a while',
    run: ({ world, during }) =>
      during(async () => {
        await world.queue.fill();
        await sleep(MINUTE_MS);
        await world.queue.relieve();
      }),
  },
  {
    name: 'postgres-restart',
    what: 'Postgres is stopped as an operator does, then killed as a power cut does; each time it comes back after a while',
    stopsPostgres: true,
    run: ({ postgres, during, between }) =>
      during(async () => {
        for (const end of ['stop', 'kill'] as const) {
          await postgres?.[end]();
          await sleep(between(500, 2_000));
          await postgres?.start();
          await sleep(between(500, 1_000));
        }
      }),
  },
  {
    name: 'dropped-connections',
    what: 'every database connection is broken, five times',
    run: ({ world, during, between }) =>
      during(async () => {
        for (let i = 0; i < 5; i += 1) {
          await world.query(
            'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
          );
          await sleep(between(100, 500));
        }
      }),
  },
  {
    name: 'backlog',
    what: 'a bulk backlog that waits, and an urgent message that does not: on the wire in under 2 s',
    size: 100_000,
    run: async ({ world, send }, size) => {
      const ids = await aBacklog(world, size);
      await world.simulator.arrived(200);
      await expectSmall(world);
      const askedAt = Date.now();
      const [urgent = ''] = await send(['+15550100101'], { priority: 'urgent' });
      await world.until([urgent], "state = 'accepted'");
      const sent = (await world.simulator.log()).find(({ attemptId }) => attemptId?.includes(urgent));
      const waitedMs = Date.parse(sent?.at ?? '') - askedAt;
      if (!(waitedMs < 2_000)) throw new Error(`an urgent message was on the wire after ${waitedMs} ms`);
      await world.simulator.arrived(size / 2);
      await expectSmall(world);
      return [urgent, ...ids];
    },
  },
];
