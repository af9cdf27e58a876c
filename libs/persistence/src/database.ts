import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/prisma/client.js';
import { retryUnit } from './retry-unit.js';
import { Session } from './session.js';
import type { Statement, Tx } from './tx.js';

export interface DatabaseOptions {
  url: string;
  poolMax: number;
  /** Longest run of one statement, ms (protocol §14: 5 s in the API, 15 s in workers). */
  statementTimeoutMs: number;
  /** Told of connections that broke while idle; they are replaced by themselves. */
  onIdleError?: (error: Error) => void;
}

/** How long the connection of a listener may take to end, ms. */
const END_MS = 1_000;

/** Part of a process' connections for statements that are planned once. */
const GENERIC_SHARE = 0.5;

/** The connections of a process: for Prisma (ordinary reads and writes), for the few hot statements, and for those that are planned once. */
export class Database implements Tx {
  readonly prisma: PrismaClient;
  private readonly pool: pg.Pool;
  private readonly genericPool: pg.Pool;

  constructor(options: DatabaseOptions) {
    const generic = Math.max(1, Math.floor(options.poolMax * GENERIC_SHARE));
    this.pool = openPool({ ...options, poolMax: Math.max(1, options.poolMax - generic) }, 'custom');
    this.genericPool = openPool({ ...options, poolMax: generic }, 'generic');
    this.prisma = new PrismaClient({ adapter: new PrismaPg(this.pool), errorFormat: 'minimal' });
  }

  async query<Row>({ name, sql, plan }: Statement, values: unknown[]): Promise<Row[]> {
    const pool = plan === 'generic' ? this.genericPool : this.pool;
    const { rows } = await pool.query<Row & pg.QueryResultRow>({ name, text: sql, values });
    return rows;
  }

  /**
   * Runs work in one transaction: all of it, or nothing. Never hold one open across a call to Meta. Work is repeated on a
   * lost race or connection, so it must be idempotent by a key or a guard.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return retryUnit(() => this.transactionOnce(work));
  }

  /**
   * Runs work on a connection of its own, without the limits of time that statements of requests have: for an operator's long
   * readings. It ends with the work.
   */
  async session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const client = new pg.Client({
      ...this.pool.options,
      query_timeout: undefined,
      options: sessionOptions(NO_LIMITS, 'custom'),
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(new Session(client));
    } finally {
      await client.end();
    }
  }

  /** Milliseconds that Postgres took to answer. @throws when it does not within a second. */
  async ping(): Promise<number> {
    const started = performance.now();
    const answer = this.pool.query('SELECT 1');
    answer.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('Postgres did not answer within a second')), 1_000);
    });
    await Promise.race([answer, late]).finally(() => clearTimeout(timer));
    return performance.now() - started;
  }

  /** Listens for a NOTIFY on a connection of its own, which is made again when it breaks. @returns how to stop. */
  listen(channel: string, onNotify: () => void): () => Promise<void> {
    let client: pg.Client | undefined;
    let isStopped = false;
    let retry: NodeJS.Timeout | undefined;
    const again = () => {
      if (!isStopped) retry = setTimeout(() => void connect(), 1_000);
    };
    const connect = async () => {
      client = new pg.Client(this.pool.options);
      client.on('notification', onNotify);
      client.on('error', () => undefined);
      client.once('end', again);
      await client
        .connect()
        .then(() => client?.query(`LISTEN ${pg.escapeIdentifier(channel)}`))
        .catch(() => client?.end().catch(() => undefined));
    };
    void connect();
    return async () => {
      isStopped = true;
      clearTimeout(retry);
      const ended = client?.end().catch(() => undefined);
      // A client whose server is gone may never end.
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, END_MS))]);
    };
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    await Promise.all([this.pool, this.genericPool].map(async (pool) => (pool.ended ? undefined : pool.end())));
  }

  private async transactionOnce<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work({
        query: async <Row>({ name, sql }: Statement, values: unknown[]) =>
          (await client.query<Row & pg.QueryResultRow>({ name, text: sql, values })).rows,
      });
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

/** A plan that is kept must not be that of a table as small as it was then: it goes by index whatever the size. */
const PLANNING = {
  custom: { plan_cache_mode: 'force_custom_plan' },
  generic: { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off' },
};
type Planning = keyof typeof PLANNING;

const NO_LIMITS = { statement_timeout: 0, idle_in_transaction_session_timeout: 0 };

/** What every connection is set to, and its limits of time, ms. */
const sessionOptions = (limits: typeof NO_LIMITS, planning: Planning): string =>
  Object.entries({ ...limits, ...PLANNING[planning], lock_timeout: 2_000, jit: 'off', timezone: 'UTC' })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');

function openPool(options: DatabaseOptions, planning: Planning): pg.Pool {
  const pool = new pg.Pool(poolConfig(options, planning));
  pool.on('error', (error) => options.onIdleError?.(error));
  // A connection can also break between two statements of a transaction: the next statement fails then, the process must not.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Settings of protocol §14: nothing waits for ever, and hot statements are planned with their real values. */
function poolConfig({ url, poolMax, statementTimeoutMs }: DatabaseOptions, planning: Planning): pg.PoolConfig {
  return {
    connectionString: url,
    max: poolMax,
    options: sessionOptions(
      { statement_timeout: statementTimeoutMs, idle_in_transaction_session_timeout: 10_000 },
      planning,
    ),
    connectionTimeoutMillis: 2_000,
    query_timeout: 20_000,
    keepAlive: true,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: 1_800,
    application_name: 'herald',
  };
}
