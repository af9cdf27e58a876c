import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { withDatabase, withoutSchema } from './connection.mjs';

/** Type of Postgres' internal one-byte `"char"`, in which the catalogs keep their codes. */
const INTERNAL_CHAR_OID = 18;

/**
 * What the WebAssembly schema engine reaches Postgres through: `@prisma/adapter-pg`, which is made for queries, with the
 * three things changed that migrations need (one session, whole scripts, `"char"` columns).
 */
export function createAdapterFactory(connection) {
  return {
    provider: 'postgres',
    adapterName: 'herald-schema-engine',
    connect: () => connectAdapter(connection),
    connectToShadowDb: () => connectShadowAdapter(connection),
  };
}

async function connectAdapter({ pool: settings, schema }) {
  // One session, as the native engine has: its advisory lock and any SET of a migration belong to a session.
  const pool = new pg.Pool({ ...settings, max: 1, idleTimeoutMillis: 0 });
  const adapter = await new PrismaPg(pool, { schema, disposeExternalPool: true }).connect();
  runScriptsWhole(adapter, pool);
  readInternalChar(adapter, pool);
  return adapter;
}

/** A database of its own for the length of `migrate dev` or `diff`; dropped once nothing is connected to it any more. */
async function connectShadowAdapter(connection) {
  const name = `prisma_migrate_shadow_db_${randomUUID()}`;
  await runAlone(connection, `CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  const shadow = withDatabase(connection, name);
  await runAlone(shadow, createSchemaSql(connection.schema));
  const adapter = await connectAdapter(shadow);
  const disconnect = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await disconnect();
    await runAlone(connection, `DROP DATABASE ${pg.escapeIdentifier(name)}`);
  };
  return adapter;
}

/** Runs one statement on a session of its own, without a transaction. */
export async function runAlone(connection, sql) {
  const client = new pg.Client(withoutSchema(connection).pool);
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

export function createSchemaSql(schema) {
  return `CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`;
}

/**
 * The adapter cuts a script at every semicolon, those inside a function body too. Sent whole, Postgres finds the
 * statements itself and runs a migration in one implicit transaction: all of it or nothing.
 */
function runScriptsWhole(adapter, pool) {
  adapter.executeScript = async (script) => {
    await pool.query(script).catch((error) => adapter.onError(error));
  };
}

/** The adapter refuses columns of type `"char"`: shown to it as text, and put right in what it answers. */
function readInternalChar(adapter, pool) {
  const charColumnsOfRows = new WeakMap();
  const query = pool.query.bind(pool);
  pool.query = async (...request) => {
    const result = await query(...request);
    const columns = result.fields?.filter(({ dataTypeID }) => dataTypeID === INTERNAL_CHAR_OID) ?? [];
    if (columns.length > 0) {
      charColumnsOfRows.set(
        result.rows,
        columns.map((column) => result.fields.indexOf(column)),
      );
      for (const column of columns) column.dataTypeID = pg.types.builtins.TEXT;
    }
    return result;
  };
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (request) => {
    const result = await queryRaw(request);
    for (const index of charColumnsOfRows.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
}
