import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the queue runs on. */
export type Backend = 'redis' | 'postgres';

/**
 * The backends that a spec shall run on, for `describe.each`: the one that HERALD_TEST_BACKEND names, else Postgres and,
 * where there is a Redis, Redis.
 */
export function backends(): Backend[] {
  const named = process.env['HERALD_TEST_BACKEND'];
  if (named) return [toBackend(named)];
  return isRedisAvailable() ? ['postgres', 'redis'] : ['postgres'];
}

/**
 * The one backend of this test process: BullMQ can have only one in a process. HERALD_TEST_BACKEND, else Postgres.
 */
export function currentBackend(): Backend {
  return toBackend(process.env['HERALD_TEST_BACKEND'] || 'postgres');
}

/** Whether `startTestRedis` can give one: REDIS_URL is set, or there is a `redis-server` on PATH. */
export function isRedisAvailable(): boolean {
  return Boolean(process.env['REDIS_URL']) || isOnPath('redis-server');
}

/** Whether `startTestRedisCluster` can give one: there is a `redis-server` on PATH. */
export function isRedisClusterAvailable(): boolean {
  return isOnPath('redis-server');
}

function toBackend(name: string): Backend {
  if (name === 'redis' || name === 'postgres') return name;
  throw new Error(`HERALD_TEST_BACKEND is ${name}, but must be redis or postgres`);
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
