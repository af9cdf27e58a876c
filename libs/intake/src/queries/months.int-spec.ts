import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '#persistence';
import { aMessage, createTestDatabase, planning, type TestDatabase } from '#testing';
import { claimNotifications } from './claim-notifications.query.js';
import { resolveAttempts } from './resolve-attempts.query.js';

let testDatabase: TestDatabase;
let database: Database;
const run = (sql: string) => database.query({ name: '', sql }, []);
/** Half a year of some traffic: small tables are rightly read whole. */
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 5, statementTimeoutMs: 60_000 });
  await run(
    `SELECT ensure_partitions(m) FROM generate_series(now() - interval '6 months', now(), interval '1 month') m`,
  );
  await run(`
WITH r AS (SELECT set_config('session_replication_role', 'replica', true)), m AS (
  INSERT INTO message (id, client_id, phone_number_id, recipient, type, priority, policy, state, fence, attempt_no, next_attempt_at, expires_at)
  SELECT uuidv7(-i * interval '9 minutes'), '00000000-0000-7000-8000-000000000001', '800', (15552000000 + i)::text, 'text', 1, 'at_least_once', 'accepted', 1, 1, NULL, now()
  FROM r, generate_series(0, 30000) i RETURNING id
)
INSERT INTO attempt (message_id, no, fence, state, wamid, started_at, ended_at) SELECT id, 1, 1, 'accepted', 'wamid.' || id, now(), now() FROM m`);
  await run(
    `INSERT INTO inbox (id, raw, sha256) SELECT uuidv7(-i * interval '9 minutes'), 'raw', sha256(i::text::bytea) FROM generate_series(0, 30000) i`,
  );
  await run('INSERT INTO inbox_work (inbox_id) SELECT id FROM inbox ORDER BY id DESC LIMIT 500');
  await run('ANALYZE message, attempt, inbox, inbox_work');
}, 60_000);
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

describe('resolveAttempts', () => {
  it('finds attempts by their names and by wamids, once, in whatever month', async () => {
    const old = uuidv7({ msecs: Date.now() - 300 * 86_400_000 });
    const message = await aMessage(database, {
      state: 'accepted',
      attempts: [{ state: 'accepted', wamid: 'wamid.new' }],
    });
    await aMessage(database, { id: old, state: 'accepted', attempts: [{ state: 'accepted', wamid: 'wamid.old' }] });
    const names = [{ messageId: message.id, attemptNo: 1 }];
    const found = await resolveAttempts(database, names, ['wamid.new', 'wamid.old', 'wamid.none']);
    expect(found.map(({ messageId, wamid }) => [messageId, wamid]).sort()).toEqual(
      [
        [message.id, 'wamid.new'],
        [old, 'wamid.old'],
      ].sort(),
    );
  });

  it('plans for the month of the names only', async () => {
    const { tx, plans } = planning(database);
    await resolveAttempts(
      tx,
      Array.from({ length: 100 }, () => ({ messageId: uuidv7(), attemptNo: 1 })),
      [],
    );
    const month = new Date().toISOString().slice(0, 7).replace('-', '_');
    expect(plans[0]?.tables).toEqual([`attempt_${month}`, `message_${month}`]);
  });

  it('looks for wamids in the index of every month, and reads no month whole', async () => {
    const { tx, plans } = planning(database);
    await resolveAttempts(
      tx,
      [],
      Array.from({ length: 10 }, (_, n) => `wamid.${n}`),
    );
    expect(plans[0]?.tables.length).toBeGreaterThan(15);
    expect(plans[0]?.wholeTables).toEqual([]);
  });
});

describe('claimNotifications', () => {
  const batch = { limit: 500, leaseMs: 1_000, maxBytes: 1_000_000 };

  it('reads no month of the inbox whole', async () => {
    const { tx, plans } = planning(database);
    await claimNotifications(tx, batch);
    expect(plans[0]?.tables.length).toBeGreaterThan(9);
    expect(plans[0]?.wholeTables.filter((table) => table.startsWith('inbox_2'))).toEqual([]);
  });

  it('takes them, of whatever month', async () => {
    await run('INSERT INTO inbox_work (inbox_id) SELECT id FROM inbox ORDER BY id LIMIT 1');
    expect(await claimNotifications(database, { ...batch, limit: 501 })).toHaveLength(501);
  });
});
