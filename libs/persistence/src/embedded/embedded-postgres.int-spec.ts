import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { projectRoot } from '#config';
import { eventually } from '#testing';
import { type EmbeddedPostgres, startEmbeddedPostgres, startThrowawayPostgres } from './embedded-postgres.js';
import { isServerOf } from './postgres-process.js';
import type { PostgresSettings } from './postgres-settings.js';

const TIMEOUT_MS = 60_000;
const PASSWORD = 'a p@ssword/with?everything';
const started: EmbeddedPostgres[] = [];
const homes: string[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((postgres) => postgres.stop()));
  await Promise.all(homes.splice(0).map((home) => rm(home, { recursive: true, force: true })));
});

/** A folder that does not exist yet, in a parent that everyone may enter unless `parentMode` says otherwise. */
async function newFolder({ parentMode = 0o755 } = {}): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'herald-spec-'));
  homes.push(home);
  const parent = join(home, 'a folder with spaces');
  await mkdir(parent, { mode: parentMode });
  await chmod(home, 0o755);
  return join(parent, 'pg');
}

async function start(
  folder: string,
  password = PASSWORD,
  settings?: PostgresSettings['settings'],
): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ folder, password, isDurable: false, settings });
  started.push(postgres);
  return postgres;
}

async function query(url: string, sql: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

/** Runs code against the built module in a process of its own and gives what it prints, once it has printed a line. */
async function runParent(code: string): Promise<{ printed: string; kill(): Promise<void> }> {
  const module = pathToFileURL(join(projectRoot(), 'dist/libs/persistence/src/embedded/embedded-postgres.js'));
  const script = `const embedded = await import(${JSON.stringify(module)}); ${code}; setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
  return {
    printed: chunk.toString('utf8').trim(),
    kill: async () => {
      const ended = once(parent, 'exit');
      parent.kill('SIGKILL');
      await ended;
    },
  };
}

describe('startEmbeddedPostgres', () => {
  it(
    'keeps its data from one start to the next',
    async () => {
      const folder = await newFolder();
      const first = await start(folder);
      await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS value');
      await first.stop();
      await expect(query(first.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
      const second = await start(folder);
      expect(second.isAdopted).toBe(false);
      expect(await query(second.url, 'SELECT value FROM kept')).toEqual([[42]]);
    },
    TIMEOUT_MS,
  );

  it(
    'is set up alike on every machine',
    async () => {
      const { url } = await start(await newFolder());
      const names = ['server_encoding', 'TimeZone', 'listen_addresses', 'max_connections', 'synchronous_commit', 'jit'];
      const rows = await query(url, `SELECT ${names.map((name) => `current_setting('${name}')`).join(', ')}`);
      expect(rows).toEqual([['UTF8', 'UTC', '127.0.0.1', '100', 'on', 'off']]);
    },
    TIMEOUT_MS,
  );

  it(
    'takes settings of its own',
    async () => {
      const { url } = await start(await newFolder(), PASSWORD, { max_connections: 42 });
      expect(await query(url, 'SHOW max_connections')).toEqual([['42']]);
    },
    TIMEOUT_MS,
  );

  it(
    'adopts the server that runs already',
    async () => {
      const folder = await newFolder();
      const first = await start(folder);
      const second = await start(folder);
      expect(second).toMatchObject({ pid: first.pid, port: first.port, url: first.url, isAdopted: true });
    },
    TIMEOUT_MS,
  );

  it(
    'starts one server when two ask at once',
    async () => {
      const folder = await newFolder();
      const [one, other] = await Promise.all([start(folder), start(folder)]);
      expect(one.pid).toBe(other.pid);
    },
    TIMEOUT_MS,
  );

  it(
    'starts again, with what was committed, after the server was killed',
    async () => {
      const folder = await newFolder();
      const first = await start(folder);
      await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS value');
      process.kill(first.pid, 'SIGKILL');
      await eventually(async () => !(await isServerOf(first.pid, first.dataFolder)));
      expect(existsSync(join(first.dataFolder, 'postmaster.pid'))).toBe(true);
      const second = await start(folder);
      expect(second.pid).not.toBe(first.pid);
      expect(await query(second.url, 'SELECT value FROM kept')).toEqual([[42]]);
    },
    TIMEOUT_MS,
  );

  it(
    'is found again after its parent was killed',
    async () => {
      const folder = await newFolder();
      const parent = await runParent(
        `const { url } = await embedded.startEmbeddedPostgres(${JSON.stringify({ folder, password: PASSWORD })}); console.log(url)`,
      );
      await query(parent.printed, 'CREATE TABLE kept AS SELECT 42 AS value');
      await parent.kill();
      const found = await start(folder);
      expect(found).toMatchObject({ url: parent.printed, isAdopted: true });
      expect(await query(found.url, 'SELECT value FROM kept')).toEqual([[42]]);
    },
    TIMEOUT_MS,
  );

  it(
    'does not take another process with the pid of a dead server for that server',
    async () => {
      const folder = await newFolder();
      const first = await start(folder);
      const pidFile = join(first.dataFolder, 'postmaster.pid');
      const left = await readFile(pidFile, 'utf8');
      await first.stop();
      await writeFile(pidFile, left.replace(/^\d+/, String(process.pid)), { mode: 0o644 });
      const second = await start(folder);
      expect(second.isAdopted).toBe(false);
    },
    TIMEOUT_MS,
  );

  it(
    'runs on a folder that only its owner may enter',
    async () => {
      const folder = await newFolder({ parentMode: 0o700 });
      const first = await start(folder);
      await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS value');
      await first.stop();
      const second = await start(folder);
      homes.push(...(second.dataFolder === folder ? [] : [dirname(second.dataFolder)]));
      expect(second.dataFolder).toBe(first.dataFolder);
      // Root lends the server a plain user, who cannot enter: the data are elsewhere then, and a file beside says where.
      const elsewhere = await readFile(`${folder}.path`, 'utf8').catch(() => dirname(folder));
      expect(dirname(second.dataFolder)).toBe(elsewhere);
      expect(elsewhere === dirname(folder)).toBe(process.getuid?.() !== 0);
      expect(await query(second.url, 'SELECT value FROM kept')).toEqual([[42]]);
    },
    TIMEOUT_MS,
  );

  it('leaves a folder alone that holds something else', async () => {
    const folder = await newFolder();
    await mkdir(folder);
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await expect(start(folder)).rejects.toThrow('neither empty nor a Postgres data folder');
    expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it(
    'says so when the password is another one',
    async () => {
      const folder = await newFolder();
      await start(folder);
      await expect(start(folder, 'wrong')).rejects.toThrow('was made with another password');
    },
    TIMEOUT_MS,
  );

  it(
    'writes no row into its log',
    async () => {
      const { url, dataFolder } = await start(await newFolder());
      await query(url, 'CREATE TABLE t (phone text UNIQUE)');
      await query(url, "INSERT INTO t VALUES ('canary')");
      await expect(query(url, "INSERT INTO t VALUES ('canary')")).rejects.toThrow('duplicate key');
      const log = await readFile(join(dataFolder, 'server.log'), 'utf8');
      expect(log).toContain('duplicate key');
      expect(log).not.toContain('canary');
    },
    TIMEOUT_MS,
  );
});

describe('startThrowawayPostgres', () => {
  it(
    'removes its data when it is stopped',
    async () => {
      const postgres = await startThrowawayPostgres();
      expect(await query(postgres.url, 'SELECT current_database()')).toEqual([['herald']]);
      await postgres.stop();
      expect(existsSync(postgres.dataFolder)).toBe(false);
    },
    TIMEOUT_MS,
  );

  it(
    'ends, and removes its data, when its parent is killed',
    async () => {
      const parent = await runParent(
        'const { pid, dataFolder } = await embedded.startThrowawayPostgres(); console.log(JSON.stringify({ pid, dataFolder }))',
      );
      const { pid, dataFolder } = JSON.parse(parent.printed) as { pid: number; dataFolder: string };
      expect(await isServerOf(pid, dataFolder)).toBe(true);
      await parent.kill();
      await eventually(async () => !existsSync(dataFolder) && !(await isServerOf(pid, dataFolder)));
    },
    TIMEOUT_MS,
  );
});
