import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import pg from 'pg';
import {
  createTestDatabase,
  eventually,
  freePort,
  type ProcessExit,
  type SpawnedProcess,
  spawnProcess,
} from '#testing';
import { HeraldApi } from './herald-api.js';
import { type QueueServer, startQueueServer } from './queue.js';
import { aSender, SENDERS, wabaOf } from './senders.js';
import { Simulator } from './simulator.js';

/** Herald's processes. */
export const HERALD = ['api', 'webhooks', 'worker'] as const;
export type ProcessName = (typeof HERALD)[number];

export const APP_SECRET = 'journey-app-secret';
export const VERIFY_TOKEN = 'journey-verify-token';
export const ADMIN_KEY = 'hk_journey_admin_key_0123456789abcdef';

/** Processes start, die and wait for leases here: what is slow is not broken. */
jest.setTimeout(300_000);

type Env = Record<string, string | undefined>;

export interface WorldOptions {
  /** Of Herald's processes. */
  env?: Env;
  /** Of the simulator. */
  simulator?: Env;
  /** How many of `SENDERS` Herald knows. Default 1. */
  senders?: number;
  /** Messages a second that they are paced by, as Meta would allow them. Default so many that nothing waits for it. */
  throughputLimit?: number;
  /** Which processes run from the start. Default all. */
  processes?: readonly ProcessName[];
  /** A migrated database; default a fresh one, removed at the end. */
  databaseUrl?: string;
  /** What takes the simulator's place. */
  graphUrl?: string;
  /** Where the jobs are, ended with the world; default the queue server of this run. */
  queue?: QueueServer;
}

/**
 * The protocol's times at a fraction, for a machine that may be busy: what should take ms has seconds.
 * SEND_LEASE_MS is the least that boot allows for the other two.
 */
const QUICK: Env = {
  SEND_LEASE_MS: '9600',
  SEND_WRITE_GUARD_MS: '5000',
  GRAPH_TIMEOUT_MS: '3000',
  GRAPH_CONNECT_TIMEOUT_MS: '2000',
  RETRY_BASE_MS: '50',
  FEED_INTERVAL_MS: '100',
  REFEED_AFTER_MS: '2000',
  REAP_INTERVAL_MS: '200',
  SWEEP_INTERVAL_MS: '500',
  INBOX_LEASE_MS: '2000',
  // A journey sets its senders' limits itself.
  SENDER_READ_INTERVAL_MS: '0',
  TEMPLATE_SYNC_INTERVAL_MS: '0',
  RECONCILE_INTERVAL_MS: '0',
};

/** Free-form messages are always deliverable, and nobody's limit is in the way; a journey about those sets its own. */
const GENEROUS: Env = {
  SIMULATOR_ENFORCE_WINDOW: 'false',
  SIMULATOR_THROUGHPUT_PER_SECOND: '0',
  SIMULATOR_REDELIVER_EVERY_MS: '200',
  SIMULATOR_OTHER_WABAS: SENDERS.map((id) => `${id}=${wabaOf(id)}`).join(','),
};

const UNPACED = 10_000;

/** The product as it runs: api, webhooks and worker as processes of their own, a queue, a database, and the simulator as Meta. */
export class World {
  private readonly running = new Map<ProcessName, SpawnedProcess>();
  private readonly ended: SpawnedProcess[] = [];
  private readonly others: SpawnedProcess[] = [];
  private constructor(
    readonly env: Env,
    readonly queue: QueueServer,
    readonly simulator: Simulator,
    readonly api: HeraldApi,
    private readonly ports: Readonly<Record<ProcessName, string>>,
    private readonly pool: pg.Pool,
    private readonly closers: (() => Promise<unknown>)[],
  ) {}

  static async start(options: WorldOptions = {}): Promise<World> {
    const database = options.databaseUrl === undefined ? await createTestDatabase() : undefined;
    const databaseUrl = options.databaseUrl ?? database!.url;
    const queue = options.queue ?? (await startQueueServer(databaseUrl));
    const [api = '', webhooks = '', worker = ''] = (await Promise.all([freePort(), freePort(), freePort()])).map(
      String,
    );
    const simulator = await spawnProcess(
      'graph-simulator',
      {
        ...GENEROUS,
        META_APP_SECRET: APP_SECRET,
        SIMULATOR_WEBHOOK_URL: `http://127.0.0.1:${webhooks}/webhooks/whatsapp`,
        ...options.simulator,
      },
      { readyPath: '/health/live' },
    );
    const env: Env = {
      ...QUICK,
      ...queue.env,
      DATABASE_URL: databaseUrl,
      GRAPH_API_BASE_URL: options.graphUrl ?? simulator.url,
      META_APP_SECRET: APP_SECRET,
      META_VERIFY_TOKEN: VERIFY_TOKEN,
      HERALD_ADMIN_KEY: ADMIN_KEY,
      HERALD_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      LOG_LEVEL: 'debug',
      ...options.env,
    };
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
    pool.on('error', () => undefined);
    const world = new World(
      env,
      queue,
      new Simulator(simulator.url),
      new HeraldApi(`http://127.0.0.1:${api}`, ADMIN_KEY),
      { api, webhooks, worker },
      pool,
      [() => simulator.kill('SIGKILL'), () => pool.end(), () => queue.stop(), async () => database?.drop()],
    );
    try {
      await world.start(...(options.processes ?? HERALD));
      for (const id of SENDERS.slice(0, options.senders ?? 1)) await world.api.create('/v1/senders', aSender(id));
      await world.query('UPDATE sender SET throughput_limit = $1', [options.throughputLimit ?? UNPACED]);
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  /** Where a process listens, running or not. */
  urlOf(name: ProcessName): string {
    return `http://127.0.0.1:${this.ports[name]}`;
  }

  /** What Prometheus would read of a process. */
  async metrics(name: ProcessName): Promise<string> {
    const response = await fetch(`${this.urlOf(name)}/metrics`);
    if (!response.ok) throw new Error(`/metrics of ${name} answered ${response.status}`);
    return response.text();
  }

  /** Starts processes and waits until they are ready. `env` changes what they were started with before. */
  async start(...names: ProcessName[]): Promise<void> {
    await Promise.all(names.map((name) => this.startWith(name, {})));
  }

  /** Starts one process with another environment. */
  async startWith(name: ProcessName, env: Env, options: { readyPath?: string | null } = {}): Promise<void> {
    const merged = { ...this.env, ...env, PORT: this.ports[name] };
    this.running.set(name, await spawnProcess(name, merged, options));
  }

  /** Starts one more process of a name, beside the one that all else here is about, on a port of its own. It ends with the world. */
  async startAnother(name: ProcessName): Promise<SpawnedProcess> {
    const process = await spawnProcess(name, this.env);
    this.others.push(process);
    return process;
  }

  /** `kill -9`, all of them at the same moment. */
  async kill(...names: ProcessName[]): Promise<void> {
    await this.end('SIGKILL', names);
  }

  /** SIGTERM. @returns how each ended */
  async terminate(...names: ProcessName[]): Promise<ProcessExit[]> {
    return this.end('SIGTERM', names);
  }

  /** What a process, and those of its name before it, wrote to stdout and stderr. */
  output(name?: ProcessName): string {
    const processes = name === undefined ? [...this.running.values()] : [this.process(name)];
    const others = name === undefined ? [...this.ended, ...this.others] : [];
    return [...others, ...processes].map((process) => process.output()).join('\n');
  }

  /** The process of a name that runs now. */
  process(name: ProcessName): SpawnedProcess {
    const process = this.running.get(name);
    if (process === undefined) throw new Error(`${name} does not run`);
    return process;
  }

  /** Asks the database, past Herald. */
  async query<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query(sql, values)).rows as Row[];
  }

  /** Waits until as many of these messages fulfil a condition on the table `message` as there are. */
  async until(ids: readonly string[], condition: string, timeoutMs = 120_000): Promise<void> {
    const sql = `SELECT id, state, reason, attempt_no, wa_rank FROM message WHERE id = ANY($1::uuid[]) AND NOT coalesce((${condition}), false)`;
    await eventually(
      async () => {
        const late = await this.query<object>(sql, [ids]);
        if (late.length > 0)
          throw new Error(`${late.length} of ${ids.length} not yet ${condition}, such as ${JSON.stringify(late[0])}`);
      },
      // A question about very many is not asked all the time.
      { timeoutMs, intervalMs: Math.max(50, ids.length / 10) },
    );
  }

  /** Waits until Meta has reported all of these as read. */
  async untilRead(ids: readonly string[], timeoutMs?: number): Promise<void> {
    await this.until(ids, "state = 'accepted' AND wa_rank = 5", timeoutMs);
  }

  /** Does this at the end, before anything is stopped. */
  atEnd(close: () => Promise<unknown>): void {
    this.closers.unshift(close);
  }

  /** Does this at the very end, when everything is stopped. */
  atVeryEnd(close: () => Promise<unknown>): void {
    this.closers.push(close);
  }

  /** Ends everything. With HERALD_TEST_LOGS set, that file gets what Herald wrote, for whoever wants to know why. */
  async stop(): Promise<void> {
    await Promise.all([this.kill(...this.running.keys()), ...this.others.map((other) => other.kill('SIGKILL'))]);
    const logs = process.env['HERALD_TEST_LOGS'];
    if (logs) writeFileSync(logs, this.output());
    for (const close of this.closers) await close();
  }

  private async end(signal: NodeJS.Signals, names: readonly ProcessName[]): Promise<ProcessExit[]> {
    const processes = names.map((name) => this.process(name));
    names.forEach((name) => this.running.delete(name));
    this.ended.push(...processes);
    return Promise.all(processes.map((process) => process.kill(signal)));
  }
}
