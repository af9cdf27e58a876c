import { ensureSecrets, readEnvironment, readLiveRunEnv, type Variables } from '#config';
import { isMigrated, migrateDatabase, openHomeDatabase } from '#persistence';
import { RefusedError } from './usage-error.js';

/** The environment of one command, and the end of what was started for it. */
export interface OperatorVariables {
  variables: Variables;
  release: () => Promise<void>;
}

/**
 * Which database a command works on: the one of DATABASE_URL, else the one of the stack that is up in this home folder,
 * else the embedded one, started for the length of the command. What is configured counts before what a stack uses, and
 * that before what was generated.
 */
export async function openOperatorVariables(home: string, configured: Variables): Promise<OperatorVariables> {
  const live = readLiveRunEnv(home);
  if (configured['DATABASE_URL']) {
    const url = configured['DATABASE_URL'];
    const filled = await fill(home, live?.DATABASE_URL === url ? merge(live, configured) : configured);
    // What is wrong in the environment is told before the database it names is asked.
    readEnvironment(filled.variables);
    if (!(await isMigrated(url))) throw new RefusedError('The database is not migrated: run npm run db:migrate');
    return filled;
  }
  if (live !== undefined) return fill(home, merge({ ...live }, configured));
  const { HERALD_POSTGRES_PASSWORD } = await ensureSecrets(home, configured, ['HERALD_POSTGRES_PASSWORD']);
  const database = await openHomeDatabase(home, HERALD_POSTGRES_PASSWORD);
  try {
    await migrateDatabase(database.url, process.env);
    const filled = await fill(home, { ...configured, DATABASE_URL: database.url });
    return { ...filled, release: () => database.release() };
  } catch (error) {
    await database.release();
    throw error;
  }
}

async function fill(home: string, variables: Variables): Promise<OperatorVariables> {
  const secrets = await ensureSecrets(home, variables, [
    'HERALD_ENCRYPTION_KEYS',
    'META_APP_SECRET',
    'META_VERIFY_TOKEN',
  ]);
  return { variables: { ...variables, ...secrets }, release: () => Promise.resolve() };
}

/** Of two values the configured one, where it is not empty. */
function merge(live: object, configured: Variables): Variables {
  const given = Object.entries(configured).filter(([, value]) => value !== undefined && value !== '');
  return { ...(live as Variables), ...Object.fromEntries(given) };
}
