import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#testing';
import { Database } from './database.js';
import type { Statement } from './tx.js';

const POOL_MAX = 5;
let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: POOL_MAX, statementTimeoutMs: 5_000 });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

describe('the connections of a process', () => {
  const settings = (plan?: 'generic') => {
    const sql = `SELECT current_setting('plan_cache_mode') AS mode, current_setting('enable_seqscan') AS "readsWhole"`;
    return database.query({ name: '', sql, ...(plan && { plan }) } satisfies Statement, []);
  };

  it('plan with the values at hand; what only looks rows up is planned once, and by index', async () => {
    expect(await settings()).toEqual([{ mode: 'force_custom_plan', readsWhole: 'on' }]);
    expect(await settings('generic')).toEqual([{ mode: 'force_generic_plan', readsWhole: 'off' }]);
  });

  it('are no more than they may be, of both kinds together', async () => {
    const sleeping = Array.from({ length: 4 * POOL_MAX }, (_, n) =>
      database.query({ name: '', sql: 'SELECT pg_sleep(0.1)', ...(n % 2 === 0 && { plan: 'generic' as const }) }, []),
    );
    await Promise.all(sleeping);
    const sql = `SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'herald'`;
    expect(await database.query({ name: '', sql }, [])).toEqual([{ open: POOL_MAX }]);
  });
});
