import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ensureCluster, POSTGRES_USER } from './postgres-cluster.js';
import { choosePlace, type PostgresPlace } from './postgres-place.js';
import { findServer, isServerOf, removeStalePidFile } from './postgres-process.js';
import { readLog, spawnServer, stopServer } from './postgres-server.js';
import type { PostgresSettings } from './postgres-settings.js';
import { stopWithParent } from './stop-with-parent.js';

const POLL_MS = 25;
/** Recovery after a crash replays what was not checkpointed. */
const START_TIMEOUT_MS = 60_000;
/** Reasons to try again: someone took the port, or the children of a killed server are still going. */
const PASSING_TROUBLE = /could not bind|pre-existing shared memory|lock file "postmaster\.pid" already exists/;
/** SQLSTATE of "starting up" and "shutting down". */
const NOT_READY = '57P03';

export interface EmbeddedPostgresOptions {
  /** Data folder; made when missing. Its parent must let a plain user in (0755) if root is to run it there. */
  folder: string;
  /** Password of the cluster, given when it is made and for ever after. */
  password: string;
  /** Database that the URL names, made when missing. */
  database?: string;
  /** Whether a commit survives a crash of the machine. Default true. */
  isDurable?: boolean;
  /** Settings of a server that is started now, such as `max_connections`; one that is adopted keeps its own. */
  settings?: PostgresSettings['settings'];
}

/** A running server that belongs to us. */
export interface EmbeddedPostgres {
  url: string;
  port: number;
  pid: number;
  /** True when the server was running already: left behind by a process that was killed, or still used by another one. */
  isAdopted: boolean;
  /** The folder that was asked for: a next start with it finds the same data. */
  folder: string;
  /** Where the data really lies: `folder`, or the place that `<folder>.path` names. */
  dataFolder: string;
  /** Stops the server, adopted or not. Whoever adopted one that others may still use leaves it running instead. */
  stop(): Promise<void>;
}

/**
 * Starts Postgres from the npm package on a data folder, or adopts the server that runs on it already. The server
 * outlives a parent that is killed; the next call finds it. Throws with the server's own words when it does not start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const place = await choosePlace(resolve(options.folder));
  for (const endsAt = Date.now() + START_TIMEOUT_MS; ; await sleep(POLL_MS)) {
    const running = await findServer(place.data);
    const pid = running?.pid ?? (await startServer(place, options));
    const port = await waitUntilReady(pid, place, { ...options, endsAt });
    if (port) return describe(place, options, { pid, port, isAdopted: running !== undefined });
  }
}

/** Starts an empty server that vanishes with its data on `stop()`, or when this process ends in any way. */
export async function startThrowawayPostgres(
  options: Pick<EmbeddedPostgresOptions, 'database' | 'isDurable' | 'settings'> = {},
): Promise<EmbeddedPostgres> {
  const home = await mkdtemp(join(tmpdir(), 'herald-throwaway-'));
  const guard = stopWithParent(home);
  await chmod(home, 0o755);
  const password = randomBytes(18).toString('base64url');
  const postgres = await startEmbeddedPostgres({ isDurable: false, ...options, folder: join(home, 'pg'), password });
  const homes = new Set([home, dirname(postgres.dataFolder)]);
  return {
    ...postgres,
    stop: async () => {
      await postgres.stop();
      guard.dismiss();
      await Promise.all([...homes].map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

async function startServer(
  place: PostgresPlace,
  { password, isDurable = true, settings }: EmbeddedPostgresOptions,
): Promise<number> {
  await ensureCluster(place, { password, isDurable });
  await removeStalePidFile(place.data);
  return spawnServer(place, { isDurable, settings });
}

/** Gives the port once the server answers and the database exists; undefined when it ended and another try makes sense. */
async function waitUntilReady(
  pid: number,
  place: PostgresPlace,
  { endsAt, ...options }: EmbeddedPostgresOptions & { endsAt: number },
): Promise<number | undefined> {
  for (; ; await sleep(POLL_MS)) {
    if (Date.now() > endsAt) throw new Error(`Postgres (pid ${pid}) of ${place.data} does not answer`);
    if (!(await isServerOf(pid, place.data))) {
      const log = await readLog(place);
      if (log === '' || PASSING_TROUBLE.test(log) || /database system is shut down/.test(log)) return undefined;
      throw new Error(`Postgres did not start on ${place.data}:\n${log}`);
    }
    const server = await findServer(place.data);
    if (server?.pid === pid && server.port && (await ensureDatabase(server.port, options))) return server.port;
  }
}

/** False while the server does not accept connections. */
async function ensureDatabase(port: number, options: EmbeddedPostgresOptions): Promise<boolean> {
  const database = databaseName(options);
  const client = new pg.Client({ connectionString: urlOf(port, options, 'postgres') });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === '28P01') throw new Error(`${options.folder} was made with another password`, { cause: error });
    if (code === NOT_READY || !(error instanceof pg.DatabaseError)) return false;
    if (code === '42P04' || code === '23505') return true; // made by another process in between
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function describe(
  place: PostgresPlace,
  options: EmbeddedPostgresOptions,
  facts: Pick<EmbeddedPostgres, 'pid' | 'port' | 'isAdopted'>,
): EmbeddedPostgres {
  return {
    ...facts,
    folder: options.folder,
    url: urlOf(facts.port, options, databaseName(options)),
    dataFolder: place.data,
    stop: () => stopServer(place),
  };
}

const databaseName = (options: EmbeddedPostgresOptions): string => options.database ?? 'herald';

function urlOf(port: number, { password }: EmbeddedPostgresOptions, database: string): string {
  return `postgresql://${POSTGRES_USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}
