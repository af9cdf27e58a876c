import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot, type Variables } from '#config';
import { Database } from '../database.js';
import { missingMigrations } from '../migrations-current.js';

const LOOK_TIMEOUT_MS = 5_000;

/** Whether the database has every migration that this version of Herald needs. @throws when it cannot be reached */
export async function isMigrated(url: string): Promise<boolean> {
  const database = new Database({ url, poolMax: 1, statementTimeoutMs: LOOK_TIMEOUT_MS });
  try {
    await database.ping();
    return (await missingMigrations(database).catch(() => ['all: there is no table of migrations yet'])).length === 0;
  } finally {
    await database.close();
  }
}

/**
 * Applies the migrations that are missing: `prisma migrate deploy` in a process of its own.
 * @param variables the environment of that process
 * @throws Error with Prisma's words when that fails
 */
export async function migrateDatabase(url: string, variables: Variables): Promise<void> {
  // One that does not answer, or does not exist yet, is Prisma's to make or to complain about.
  if (await isMigrated(url).catch(() => false)) return;
  const packages = join(projectRoot(), 'node_modules');
  try {
    await promisify(execFile)(process.execPath, [join(packages, 'prisma/build/index.js'), 'migrate', 'deploy'], {
      cwd: projectRoot(),
      env: {
        ...variables,
        NODE_OPTIONS: '',
        PATH: `${join(packages, '.bin')}${delimiter}${variables['PATH']}`,
        DATABASE_URL: url,
      },
    });
  } catch (error) {
    const { stderr, stdout, message } = error as Error & { stderr?: string; stdout?: string };
    throw new Error(`The database cannot be migrated:\n${stderr?.trim() || stdout?.trim() || message}`, {
      cause: error,
    });
  }
}
