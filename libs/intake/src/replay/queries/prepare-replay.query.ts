import type { Tx } from '#persistence';
import { chargeTotals, PROJECTIONS, projectionRows } from '../projections.js';
import { SCRATCH_TABLES } from '../scratch-tables.js';

const run = <Row>(tx: Tx, sql: string, values: unknown[] = []) => tx.query<Row>({ name: '', sql }, values);

/** The schema that Herald's tables are in. */
export async function liveSchema(tx: Tx): Promise<string> {
  const [row] = await run<{ schema: string }>(tx, `SELECT quote_ident(current_schema()) AS schema`);
  return row?.schema ?? 'public';
}

/**
 * Makes the replay's own tables, with the checks and indexes of the live ones but without their triggers: they hide the live ones
 * from every statement of this connection, and go when it ends.
 */
export async function createScratchTables(tx: Tx, schema: string): Promise<void> {
  for (const table of Object.keys(SCRATCH_TABLES))
    await run(tx, `CREATE TEMPORARY TABLE ${table} (LIKE ${schema}.${table} INCLUDING ALL)`);
  await run(tx, 'CREATE TEMPORARY TABLE replay_inbox (id uuid PRIMARY KEY)');
  await run(
    tx,
    'CREATE TEMPORARY TABLE replay_live (projection text, key text, hash uuid, PRIMARY KEY (projection, key))',
  );
}

/** Fills them with what we did ourselves and what was read from Meta. */
export async function fillScratchTables(tx: Tx, schema: string): Promise<void> {
  for (const [table, { where, reset = {} }] of Object.entries(SCRATCH_TABLES)) {
    if (where === undefined) continue;
    const columns = await run<{ name: string; column: string }>(
      tx,
      `SELECT quote_ident(attname) AS column, attname AS name FROM pg_attribute
        WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
      [`pg_temp.${table}`],
    );
    const names = columns.map(({ column }) => column).join(', ');
    const values = columns.map(({ name, column }) => reset[name] ?? `t.${column}`).join(', ');
    await run(
      tx,
      `INSERT INTO pg_temp.${table} (${names}) SELECT ${values} FROM ${schema}.${table} t WHERE ${where.replaceAll('@', `${schema}.`)}`,
    );
  }
}

/** Notes which notifications have been applied: all but those that still wait. A try that failed has applied what it could. */
export async function noteApplied(tx: Tx, schema: string): Promise<void> {
  await run(
    tx,
    `INSERT INTO replay_inbox SELECT i.id FROM ${schema}.inbox i
      WHERE NOT EXISTS (SELECT FROM ${schema}.inbox_work w WHERE w.inbox_id = i.id AND w.state <> 'dead' AND w.tries = 0)`,
  );
}

/**
 * Notes what the live tables say, a hash a row. Months whose tiers are still to be put right are put right in the replay's own tables
 * first: `settle` does it.
 */
export async function noteLive(tx: Tx, schema: string, settle: () => Promise<void>): Promise<void> {
  for (const projection of PROJECTIONS)
    await run(
      tx,
      `INSERT INTO replay_live SELECT $1, key, md5(row)::uuid FROM (${projectionRows(projection, schema, schema)}) r`,
      [projection.name],
    );
  await run(tx, `INSERT INTO pg_temp.tier_usage SELECT * FROM ${schema}.tier_usage`);
  await run(tx, `INSERT INTO pg_temp.tier_adjustment SELECT * FROM ${schema}.tier_adjustment`);
  await run(
    tx,
    `INSERT INTO pg_temp.charge SELECT c.* FROM ${schema}.charge c JOIN pg_temp.tier_usage u ON u.is_dirty
      AND u.portfolio_id = c.portfolio_id AND u.market = c.market AND u.category = c.category AND u.month = c.month`,
  );
  await settle();
  await run(
    tx,
    `INSERT INTO replay_live SELECT 'charge', key, md5(row)::uuid FROM (${chargeTotals(`${schema}.charge`, 'pg_temp.tier_adjustment')}) r`,
  );
  for (const table of ['charge', 'tier_adjustment', 'tier_usage']) await run(tx, `DELETE FROM pg_temp.${table}`);
}

/** Temporary tables are analysed by nobody else. */
export async function analyseScratch(tx: Tx): Promise<void> {
  for (const table of [...Object.keys(SCRATCH_TABLES), 'replay_inbox', 'replay_live'])
    await run(tx, `ANALYZE pg_temp.${table}`);
}

/** Accounts whose limits, and templates whose status, follow from what was read of them before any notification is applied. */
export async function readAccounts(tx: Tx): Promise<{
  wabaIds: string[];
  templates: { wabaId: string; name: string; language: string }[];
}> {
  return {
    wabaIds: (await run<{ id: string }>(tx, 'SELECT id FROM waba ORDER BY id')).map(({ id }) => id),
    templates: await run(tx, 'SELECT waba_id AS "wabaId", name, language FROM pg_temp.template ORDER BY 1, 2, 3'),
  };
}
