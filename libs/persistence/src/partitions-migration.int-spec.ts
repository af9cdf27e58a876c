import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { projectRoot } from '#config';
import { databaseUrl, startTestPostgres } from '#testing';

const MIGRATION = '20261129070000_partitions';
const TABLES = ['message', 'message_content', 'attempt', 'status_event', 'event', 'inbox'];

const name = `partitions_${randomUUID().replaceAll('-', '')}`;
let server: pg.Client;
let client: pg.Client;
const run = async (sql: string, values: unknown[] = []) =>
  (await client.query<Record<string, unknown>>(sql, values)).rows;

const migrations = async () => {
  const entries = await readdir(join(projectRoot(), 'prisma', 'migrations'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
};
const apply = async (migration: string) =>
  client.query(await readFile(join(projectRoot(), 'prisma', 'migrations', migration, 'migration.sql'), 'utf8'));

/** Whatever is said of the tables beside their rows, in words that do not say whether they are partitioned. */
const FACTS = `
SELECT 'constraint ' || conname AS name, pg_get_constraintdef(oid) AS said FROM pg_constraint WHERE conrelid = ANY ($1::text[]::regclass[]) AND contype IN ('c', 'p')
UNION ALL SELECT 'index ' || indexrelid::regclass, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') FROM pg_index WHERE indrelid = ANY ($1::text[]::regclass[])
UNION ALL SELECT 'trigger ' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = ANY ($1::text[]::regclass[]) AND NOT tgisinternal
UNION ALL SELECT 'column ' || attrelid::regclass || '.' || attname, concat_ws(' ', attnum, format_type(atttypid, atttypmod), attnotnull, attacl, pg_get_expr(d.adbin, d.adrelid))
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE attrelid = ANY ($1::text[]::regclass[]) AND attnum > 0
UNION ALL SELECT 'comment ' || c.oid::regclass || ' ' || coalesce(a.attname, ''), d.description FROM pg_description d JOIN pg_class c ON c.oid = d.objoid
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
  WHERE d.classoid = 'pg_class'::regclass AND (c.oid = ANY ($1::text[]::regclass[]) OR (c.relkind = 'v' AND c.relnamespace = 'reporting'::regnamespace))
UNION ALL SELECT 'grants ' || c.oid::regclass, c.relacl::text FROM pg_class c
  WHERE c.oid = ANY ($1::text[]::regclass[]) OR (c.relkind = 'v' AND c.relnamespace IN ('reporting'::regnamespace, 'public'::regnamespace) AND c.relname <> 'month_partition')
UNION ALL SELECT 'view ' || c.oid::regclass, pg_get_viewdef(c.oid) FROM pg_class c
  WHERE c.relkind = 'v' AND c.relnamespace IN ('reporting'::regnamespace, 'public'::regnamespace) AND c.relname <> 'month_partition'`;
/** Postgres puts parentheses otherwise once it has read its own words. */
const plain = (said: unknown) => (typeof said === 'string' ? said.replaceAll(/[()\s]+/g, ' ') : said);
const facts = async () =>
  Object.fromEntries((await run(FACTS, [TABLES])).map(({ name: of, said }) => [String(of), plain(said)]));

/** All rows, as text. */
async function rows(): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const table of TABLES)
    all[table] = (await run(`SELECT t::text AS row FROM ${table} t`)).map(({ row }) => String(row)).sort();
  return all;
}

/** A message of a time, and everything that is known of it. */
const A_MESSAGE = `
WITH m AS (
  INSERT INTO message (id, client_id, phone_number_id, recipient, type, priority, policy, state, fence, attempt_no, next_attempt_at, expires_at, wa_rank, created_at)
  SELECT CASE WHEN $2 THEN uuidv7($1::timestamptz - clock_timestamp()) ELSE gen_random_uuid() END, gen_random_uuid(), '800', '15550100000', 'text', 1, 'at_least_once', 'accepted', 1, 1, NULL, $1, 4, $1
  RETURNING *
), c AS (
  INSERT INTO message_content (id, content, tags) SELECT id, '{"type":"text"}', '{a}' FROM m
), a AS (
  INSERT INTO attempt (message_id, no, fence, state, wamid, started_at, ended_at) SELECT id, 1, 1, 'accepted', 'wamid.' || id, $1, $1 FROM m
), s AS (
  INSERT INTO status_event (message_id, attempt_no, recipient, status, ts, rank, inbox_id, event_id, client_id) SELECT id, 1, recipient, 'sent', 1, 2, id, id, client_id FROM m
), i AS (
  INSERT INTO inbox (id, raw, sha256) SELECT id, 'raw', sha256(id::text::bytea) FROM m
)
INSERT INTO event (id, client_id, seq, type, message_id) SELECT id, client_id, 7, 'message.sent', id FROM m`;

const MONTHS = ['2026-08-31T23:59:59.999Z', '2026-09-01T00:00:00.000Z', '2026-10-15T12:00:00Z'];

let before: { facts: Record<string, unknown>; rows: Record<string, string[]> };

beforeAll(async () => {
  const url = await startTestPostgres();
  server = new pg.Client({ connectionString: url });
  await server.connect();
  await server.query(`CREATE DATABASE ${name}`);
  client = new pg.Client({ connectionString: databaseUrl(url, name), options: '-c timezone=UTC' });
  await client.connect();
  const all = await migrations();
  for (const migration of all.filter((each) => each < MIGRATION)) await apply(migration);
  await run(`GRANT SELECT (id), INSERT ON message TO PUBLIC; GRANT SELECT ON event TO PUBLIC`);
  await run(`COMMENT ON TABLE message IS 'A comment'; COMMENT ON COLUMN message.state IS 'Another'`);
  await run(`SET session_replication_role = replica`);
  for (const at of MONTHS) await run(A_MESSAGE, [at, true]);
  await run(A_MESSAGE, [new Date(), true]);
  await run(A_MESSAGE, [new Date(), false]);
  await run(`RESET session_replication_role`);
  before = { facts: await facts(), rows: await rows() };
  await apply(MIGRATION);
}, 120_000);
afterAll(async () => {
  await client.end();
  await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await server.end();
});

describe('the migration to partitions, of a database with rows', () => {
  it('keeps every row as it was', async () => {
    expect(before.rows['message']).toHaveLength(5);
    expect(await rows()).toEqual(before.rows);
  });

  it.each(TABLES)('puts rows of %s into their months, and those of no month into the default', async (table) => {
    const found = await run(
      `SELECT tableoid::regclass::text AS partition, count(*)::int AS count FROM ${table} WHERE tableoid::regclass::text < '${table}_2026_11' OR tableoid::regclass::text LIKE '%default' GROUP BY 1 ORDER BY 1`,
    );
    expect(found).toEqual([
      { partition: `${table}_2026_08`, count: 1 },
      { partition: `${table}_2026_09`, count: 1 },
      { partition: `${table}_2026_10`, count: 1 },
      { partition: `${table}_default`, count: 1 },
    ]);
  });

  it('keeps checks, keys, indexes, triggers, defaults, comments, grants and views', async () => {
    const after = await facts();
    const changed = Object.keys({ ...before.facts, ...after })
      .filter((of) => before.facts[of] !== after[of])
      .sort();
    expect(changed).toEqual([
      'index event_seq',
      'index inbox_sha256_key',
      'trigger event_insert_numbered',
      'trigger event_update_numbered',
      'trigger inbox_deleted',
      'trigger inbox_truncated',
      'view charge_reported',
    ]);
  });

  it('has every view read the new tables, and leaves nothing of the old', async () => {
    expect(await run(`SELECT relname FROM pg_class WHERE relname LIKE 'old\\_%'`)).toEqual([]);
    expect(await run('SELECT count(*)::int AS count FROM message_explained')).toEqual([{ count: 5 }]);
    expect(await run('SELECT sum(messages)::int AS count FROM reporting.delivery_by_tag')).toEqual([{ count: 5 }]);
  });

  it('gives every month the storage settings of the table that was', async () => {
    const settings = await run(
      `SELECT p.parent, c.reloptions::text AS settings FROM month_partition p JOIN pg_class c ON c.oid = p.id GROUP BY 1, 2 ORDER BY 1`,
    );
    expect(settings).toEqual([
      { parent: 'attempt', settings: '{fillfactor=80,autovacuum_vacuum_scale_factor=0.01}' },
      { parent: 'event', settings: null },
      { parent: 'inbox', settings: null },
      { parent: 'message', settings: '{fillfactor=70,autovacuum_vacuum_scale_factor=0.01}' },
      { parent: 'message_content', settings: null },
      { parent: 'status_event', settings: null },
    ]);
  });

  it('calls the indexes of a month like those of the whole table', async () => {
    const [{ names } = {}] = await run(
      `SELECT array_agg(indexrelid::regclass::text ORDER BY 1) AS names FROM pg_index WHERE indrelid = 'attempt_2026_08'::regclass`,
    );
    expect(names).toEqual(['attempt_pkey_2026_08', 'attempt_wamid_2026_08', 'one_open_attempt_2026_08']);
  });

  it('knows the hashes of all notifications, and the numbers of all events', async () => {
    expect(await run('SELECT count(*)::int AS count FROM inbox_hash h JOIN inbox i ON i.sha256 = h.sha256')).toEqual([
      { count: 5 },
    ]);
    expect(await run('SELECT count(*)::int AS count FROM event_number n JOIN event e ON e.id = n.event_id')).toEqual([
      { count: 5 },
    ]);
  });

  it('keeps the rules of a row, in every month', async () => {
    for (const { partition } of await run(`SELECT DISTINCT tableoid::regclass::text AS partition FROM message`))
      await expect(
        run(`UPDATE message SET state = 'queued', next_attempt_at = now() WHERE tableoid = $1::regclass`, [partition]),
      ).rejects.toThrow('is not in the protocol');
  });
});
