import type { EventEmitter } from 'node:events';
import {
  type BackendFactory,
  type PgPoolConfig,
  PostgresConnection,
  PostgresQueueBackend,
  runMigrations,
} from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';

const MIGRATION_TRIES = 5;
const PAUSE_MS = 200;
/** undefined_table, undefined_function, invalid_schema_name. */
const TABLES_GONE = new Set(['42P01', '42883', '3F000']);

/** BullMQ's factory for a queue or worker on Postgres, with a connection that gets over an outage at boot. */
export const createHeraldPostgresBackend: BackendFactory = (name, options) => {
  const connection = options.connection as PgPoolConfig & { schema: string };
  return new HeraldPostgresBackend(new HeraldPostgresConnection(connection), name, { ...options, connection });
};

/** BullMQ's backend remembers a first contact that failed, and its worker could then never complete a job. */
class HeraldPostgresBackend extends PostgresQueueBackend {
  override waitUntilReady(): Promise<void> {
    return this.connection.waitUntilReady();
  }
}

/**
 * BullMQ's connection remembers it too. This one asks again each time until Postgres has answered, and makes or updates
 * BullMQ's schema on the way, also when somebody has dropped it; processes that do so at once take turns.
 */
class HeraldPostgresConnection extends PostgresConnection {
  private opened: Promise<void> | undefined;

  /** A client in use has no listener of the pool's: a connection that breaks then would end the process. */
  constructor(config: PgPoolConfig & { schema: string }) {
    super(config);
    (this.pool as unknown as EventEmitter).on('connect', (client: EventEmitter) => client.on('error', ignore));
    const own = this as unknown as { pgModule: PgModule };
    own.pgModule = { ...own.pgModule, Client: listenedFromTheStart(own.pgModule.Client) };
    this.makeAnewWhenGone();
  }

  override waitUntilReady(): Promise<void> {
    this.opened ??= this.open().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  /** A statement that finds BullMQ's tables gone fails, and has them made again by the next one. */
  private makeAnewWhenGone(): void {
    const pool = this.pool as { query: (...statement: unknown[]) => Promise<unknown> };
    const query = pool.query.bind(pool);
    pool.query = async (...statement) => {
      try {
        return await query(...statement);
      } catch (error) {
        if (TABLES_GONE.has((error as { code?: string }).code ?? '')) this.opened = undefined;
        throw error;
      }
    };
  }

  private async open(): Promise<void> {
    const client = await this.pool.connect();
    try {
      await this.migrate(client);
    } finally {
      client.release();
    }
    setImmediate(() => this.emit('ready'));
  }

  /** The lock that migrations take turns by is waited for at most `lock_timeout`: a slow neighbour costs a try. */
  private async migrate(client: Parameters<typeof runMigrations>[0]): Promise<void> {
    for (let run = 1; ; run += 1) {
      try {
        await runMigrations(client, this.schema);
        return;
      } catch (error) {
        if (run === MIGRATION_TRIES || this.isClosing !== undefined) throw error;
        await sleep(PAUSE_MS * run);
      }
    }
  }
}

interface PgModule {
  Client: new (config?: PgPoolConfig) => ListenClient;
}
type ListenClient = EventEmitter & { connect(): Promise<unknown> };

/**
 * BullMQ listens for errors of its LISTEN client only once `connect` has resolved. Postgres may end the connection in the
 * very packet that makes it ready, and an error without a listener ends the process: here `connect` fails instead.
 */
function listenedFromTheStart(Client: PgModule['Client']): PgModule['Client'] {
  return class extends Client {
    private broken: Error | undefined;

    constructor(config?: PgPoolConfig) {
      super(config);
      this.on('error', (error: Error) => (this.broken ??= error));
    }

    override async connect(): Promise<void> {
      await super.connect();
      if (this.broken !== undefined) throw this.broken;
    }
  };
}

const ignore = () => undefined;
