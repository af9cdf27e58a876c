import { setTimeout as sleep } from 'node:timers/promises';
import { recipients } from '../../world/senders.js';
import type { Drill } from '../drill.js';

/** A minute, at a twentieth. */
const MINUTE_MS = 3_000;

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
    what: 'a backlog that was there before the worker',
    size: 2_000,
    run: async ({ world, send }, size) => {
      await world.kill('worker');
      const ids: string[] = [];
      while (ids.length < size) ids.push(...(await send(recipients('0100', Math.min(800, size - ids.length), 101))));
      await world.start('worker');
      return ids;
    },
  },
];
