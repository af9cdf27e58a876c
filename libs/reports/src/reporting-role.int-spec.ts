import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '#testing';

let testDatabase: TestDatabase;
let owner: pg.Client;
let reader: pg.Client;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  owner = new pg.Client({ connectionString: testDatabase.url });
  reader = new pg.Client({ connectionString: testDatabase.url });
  await Promise.all([owner.connect(), reader.connect()]);
  await reader.query('SET SESSION AUTHORIZATION herald_reporting');
}, 60_000);
afterAll(async () => {
  await Promise.all([owner.end(), reader.end()]);
  await testDatabase.drop();
});

const namesOf = async (sql: string) => (await owner.query<{ name: string }>(sql)).rows.map(({ name }) => name);
const VIEWS = `SELECT table_name AS name FROM information_schema.views WHERE table_schema = 'reporting' ORDER BY 1`;

describe('the role herald_reporting', () => {
  it('reads every view of schema reporting', async () => {
    const views = await namesOf(VIEWS);
    expect(views).toEqual([
      'cost',
      'cost_adjustments',
      'cost_by_tag',
      'delivery',
      'delivery_by_tag',
      'failures',
      'latency',
      'latency_by_day',
      'limits',
      'limits_history',
      'queue',
      'senders',
      'windows',
    ]);
    for (const view of views) {
      const { rows } = await reader.query(`SELECT * FROM reporting.${view}`);
      expect([view, rows]).toEqual([view, []]);
    }
  });

  it('is refused on everything else, tokens, keys, texts and notifications first', async () => {
    const tables = await namesOf(
      `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')`,
    );
    expect(tables).toEqual(
      expect.arrayContaining([
        'message_content',
        'access_token',
        'api_key',
        'message',
        'inbox',
        'inbound_message',
        'charge_reported',
      ]),
    );
    for (const table of tables)
      await expect(reader.query(`SELECT * FROM public."${table}" LIMIT 1`)).rejects.toMatchObject({ code: '42501' });
  });

  it('changes nothing, and gives nobody more', async () => {
    await expect(reader.query('DELETE FROM reporting.cost_adjustments')).rejects.toMatchObject({ code: '42501' });
    await expect(reader.query('CREATE TABLE public.mine (id int)')).rejects.toMatchObject({ code: '42501' });
    await expect(reader.query('CREATE VIEW reporting.mine AS SELECT 1')).rejects.toMatchObject({ code: '42501' });
    await expect(reader.query('SELECT reporting.set_up_reader()')).rejects.toMatchObject({ code: '42501' });
  });

  it('cannot log in until somebody lets it, and sees views that come later', async () => {
    const { rows } = await owner.query(
      `SELECT rolcanlogin, rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = 'herald_reporting'`,
    );
    expect(rows).toEqual([expect.objectContaining({ rolsuper: false, rolcreaterole: false, rolbypassrls: false })]);
    await owner.query('CREATE VIEW reporting.later AS SELECT 1 AS one');
    expect((await reader.query('SELECT * FROM reporting.later')).rows).toEqual([{ one: 1 }]);
    await owner.query('DROP VIEW reporting.later');
  });

  it('sees no column that holds a phone number, text, token or key', async () => {
    const columns = await namesOf(
      `SELECT DISTINCT column_name AS name FROM information_schema.columns WHERE table_schema = 'reporting'`,
    );
    expect(
      columns.filter((name) =>
        /recipient|contact|phone|number|content|body|text|token|key|hash|secret|wamid|display/.test(name),
      ),
    ).toEqual([]);
  });

  it('finds every view described', async () => {
    const silent = await namesOf(
      `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'reporting'::regnamespace AND c.relkind = 'v' AND obj_description(c.oid, 'pg_class') IS NULL`,
    );
    expect(silent).toEqual([]);
  });
});

describe('a user who may not create roles', () => {
  it('is told what an administrator has to do, and the views stand all the same', async () => {
    await owner.query('BEGIN');
    try {
      await owner.query('ALTER ROLE herald_reporting RENAME TO herald_reporting_elsewhere');
      await owner.query('CREATE ROLE plain_owner NOLOGIN');
      await owner.query('GRANT USAGE ON SCHEMA reporting TO plain_owner');
      await owner.query('GRANT EXECUTE ON FUNCTION reporting.set_up_reader() TO plain_owner');
      await owner.query('SET LOCAL ROLE plain_owner');
      const { rows } = await owner.query('SELECT reporting.set_up_reader() AS outcome');
      expect(rows).toEqual([
        {
          outcome: expect.stringMatching(
            /plain_owner may not create roles: let an administrator run CREATE ROLE herald_reporting/,
          ),
        },
      ]);
    } finally {
      await owner.query('ROLLBACK');
    }
  });
});
