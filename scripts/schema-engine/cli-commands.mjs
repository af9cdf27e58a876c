import pg from 'pg';
import { createSchemaSql, runAlone } from './adapter-factory.mjs';
import { withDatabase } from './connection.mjs';
import { toPrismaError } from './report.mjs';

const commands = {
  'can-connect-to-database': assertDatabaseExists,
  'create-database': createDatabase,
};

/** SQLSTATEs of "it is there already"; the second is what the slower of two simultaneous CREATE DATABASEs gets. */
const ALREADY_EXISTS = ['42P04', '23505'];

/** Runs what the Prisma CLI asks with `cli <command>`. Throws errors that carry Prisma's codes. */
export async function runCliCommand(name, connection) {
  if (!Object.hasOwn(commands, name)) throw new Error(`The schema engine has no command "${name}"`);
  await commands[name](connection).catch((error) => {
    throw toPrismaError(error, connection.pool);
  });
}

/** A missing schema counts as a missing database: in both cases the Prisma CLI goes on with `create-database`. */
async function assertDatabaseExists(connection) {
  const { rows } = await runAlone(connection, 'SELECT nspname FROM pg_namespace');
  if (!rows.some(({ nspname }) => nspname === connection.schema)) {
    throw Object.assign(new Error('the schema does not exist'), { code: '3D000' });
  }
}

async function createDatabase(connection) {
  const sql = `CREATE DATABASE ${pg.escapeIdentifier(connection.pool.database)}`;
  await runAlone(withDatabase(connection, 'postgres'), sql).catch((error) => {
    if (!ALREADY_EXISTS.includes(error.code)) throw error;
  });
  await runAlone(connection, createSchemaSql(connection.schema));
}
