import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#testing';
import { Database } from './database.js';

const TABLES = ['attempt', 'event', 'inbox', 'message', 'message_content', 'status_event'];

let testDatabase: TestDatabase;
let database: Database;
const run = <Row = Record<string, unknown>>(sql: string, ...values: unknown[]) =>
  database.query<Row>({ name: '', sql }, values);
beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = new Database({ url: testDatabase.url, poolMax: 10, statementTimeoutMs: 15_000 });
});
afterEach(async () => {
  await database.close();
  await testDatabase.drop();
});

const ensure = async (at: string) =>
  (await run<{ made: number }>('SELECT ensure_partitions($1::timestamptz) AS made', at))[0]?.made;
const monthsOf = async (table: string, from = '0001-01-01') =>
  (
    await run<{ month: string }>(
      `SELECT to_char(month, 'YYYY-MM') AS month FROM month_partition WHERE parent = $1 AND month >= $2::date ORDER BY 1`,
      table,
      from,
    )
  ).map(({ month }) => month);
/** An event of a time, and where it is. */
const anEvent = async (at: string, type = 'message.sent') =>
  (
    await run<{ id: string }>(
      `INSERT INTO event (id, client_id, type) VALUES (uuidv7($1::timestamptz - clock_timestamp()), gen_random_uuid(), $2) RETURNING id`,
      at,
      type,
    )
  )[0]?.id;
const placeOf = async (id: string | undefined) =>
  (await run<{ place: string }>('SELECT tableoid::regclass::text AS place FROM event WHERE id = $1', id))[0]?.place;

describe('ensure_partitions', () => {
  it('has been called by the migration: the month it ran in and the three after it are there', async () => {
    const [row] = await run<{ made: number }>(
      `SELECT ensure_partitions(finished_at) AS made FROM _prisma_migrations WHERE migration_name LIKE '%\\_partitions'`,
    );
    expect(row).toEqual({ made: 0 });
  });

  it('makes a month of UTC and the three after it, of each table, once', async () => {
    expect(await ensure('2030-11-30T23:59:59.999Z')).toBe(24);
    for (const table of TABLES)
      expect(await monthsOf(table, '2030-01-01')).toEqual(['2030-11', '2030-12', '2031-01', '2031-02']);
    expect(await ensure('2030-11-01T00:00:00Z')).toBe(0);
    expect(await ensure('2030-12-01T00:00:00Z')).toBe(6);
  });

  it('is called by two workers at once: one makes, the other finds it made', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => ensure('2031-05-10T00:00:00Z')));
    expect(made.reduce((sum: number, count) => sum + (count ?? 0), 0)).toBe(24);
    expect(await monthsOf('message', '2031-01-01')).toEqual(['2031-05', '2031-06', '2031-07', '2031-08']);
  });

  it('puts the first and the last id of a month into it', async () => {
    await ensure('2030-01-15T00:00:00Z');
    expect(await placeOf(await anEvent('2030-01-01T00:00:00.001Z'))).toBe('event_2030_01');
    expect(await placeOf(await anEvent('2030-01-31T23:59:59.999Z'))).toBe('event_2030_01');
    expect(await placeOf(await anEvent('2030-02-01T00:00:00.001Z'))).toBe('event_2030_02');
  });

  it('moves rows of the past out of the default partition into months of their own, and tells nobody', async () => {
    const id = await anEvent('2021-03-05T00:00:00Z', 'message.unknown');
    expect(await placeOf(id)).toBe('event_default');
    const counted = await run('SELECT value FROM delivery_counter');
    expect(await ensure('2021-06-01T00:00:00Z')).toBe(25);
    expect(await placeOf(id)).toBe('event_2021_03');
    expect(await run('SELECT value FROM delivery_counter')).toEqual(counted);
    expect(await run('SELECT FROM event_default')).toEqual([]);
  });

  it('moves rows that came while nobody made months', async () => {
    const id = await anEvent('2033-07-05T00:00:00Z');
    expect(await placeOf(id)).toBe('event_default');
    await ensure('2033-04-30T00:00:00Z');
    expect(await placeOf(id)).toBe('event_2033_07');
  });

  it('leaves what is of no month, or of one that is far ahead', async () => {
    const [row] = await run<{ id: string }>(
      `INSERT INTO event (id, client_id, type) VALUES ('ffffffff-0000-4000-8000-000000000001', gen_random_uuid(), 'x') RETURNING id`,
    );
    const ahead = await anEvent('2040-01-01T00:00:00Z');
    await ensure('2026-11-30T00:00:00Z');
    expect([await placeOf(row?.id), await placeOf(ahead)]).toEqual(['event_default', 'event_default']);
  });

  it('gives a month the rules of the whole table, and says which rule was broken', async () => {
    await ensure('2030-01-15T00:00:00Z');
    const attempt = (no: number) =>
      run(
        `INSERT INTO attempt (message_id, no, fence, state, started_at) VALUES (reporting.id_at('2030-01-10T00:00:00Z'), $1::int, $1::int, 'started', now())`,
        no,
      );
    await attempt(1);
    await expect(attempt(2)).rejects.toMatchObject({ constraint: 'one_open_attempt_2030_01' });
    const lose = run(`UPDATE attempt SET state = 'lost', ended_at = now()`);
    await expect(lose).rejects.toMatchObject({ constraint: 'attempt_state_known' });
  });
});
