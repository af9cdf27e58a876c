import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#testing';
import { Database } from './database.js';
import { brokenRules } from './specs/protocol-rules.js';

let testDatabase: TestDatabase;
let database: Database;
const run = (sql: string, ...values: unknown[]) => database.query({ name: '', sql }, values);
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 5, statementTimeoutMs: 5_000 });
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

describe('the migrated database', () => {
  it('has every rule of the protocol', async () => {
    expect(await brokenRules(database)).toEqual([]);
  });

  it('keeps every instant as timestamptz(3)', async () => {
    const others = await run(
      `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
         AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')
         AND (data_type LIKE 'timestamp without%' OR (data_type LIKE 'timestamp with%' AND datetime_precision <> 3))`,
    );
    expect(others).toEqual([]);
  });
});

describe('the check itself', () => {
  it.each([
    [
      'a constraint',
      'ALTER TABLE message DROP CONSTRAINT message_state_known',
      'message_state_known on message is missing',
    ],
    [
      'a primary key',
      'ALTER TABLE status_event DROP CONSTRAINT status_event_pkey',
      'status_event_pkey on status_event is missing',
    ],
    ['a partial index', 'DROP INDEX one_open_attempt', 'one_open_attempt on attempt is missing'],
    [
      'a trigger',
      'DROP TRIGGER message_transition_allowed ON message',
      'message_transition_allowed on message is missing',
    ],
    [
      'a trigger that is switched off',
      'ALTER TABLE message DISABLE TRIGGER message_never_goes_back',
      'message_never_goes_back on message is missing',
    ],
    [
      'a storage setting',
      'ALTER TABLE message_default RESET (fillfactor)',
      'message on message does not say fillfactor=70',
    ],
    [
      'a rule that says less',
      `ALTER TABLE message DROP CONSTRAINT message_policy_known, ADD CONSTRAINT message_policy_known CHECK (policy IN ('at_most_once'))`,
      'message_policy_known on message does not say at_least_once',
    ],
    [
      'an index on a hot column',
      `CREATE INDEX too_hot ON message (id) WHERE state = 'queued'`,
      'too_hot on message names a hot column',
    ],
  ])('reports %s', async (_name, sql, expected) => {
    const scratch = await createTestDatabase();
    const other = new Database({ url: scratch.url, poolMax: 2, statementTimeoutMs: 5_000 });
    try {
      await other.query({ name: '', sql }, []);
      const broken = await brokenRules(other);
      expect(broken).toHaveLength(1);
      expect(broken[0]).toContain(expected);
    } finally {
      await other.close();
      await scratch.drop();
    }
  });
});
