import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findServer, isServerOf } from './postgres-process.js';
import type { PostgresPlace } from './postgres-place.js';
import { type PostgresSettings, serverArguments } from './postgres-settings.js';

const POLL_MS = 25;
/** A checkpoint of everything that is in memory, on a slow disk. */
const STOP_TIMEOUT_MS = 60_000;

/**
 * Starts the server process of a cluster on a free port of 127.0.0.1. It is in a session of its own: Ctrl-C in a terminal
 * reaches whoever started it, which then stops it when it no longer needs it. Gives the pid.
 */
export async function spawnServer(place: PostgresPlace, settings: Omit<PostgresSettings, 'port'>): Promise<number> {
  const log = await open(logFile(place), 'w');
  try {
    const server = spawn(
      join(place.binaries, 'bin/postgres'),
      ['-D', place.data, ...serverArguments({ ...settings, port: await findFreePort() })],
      {
        ...place.user,
        cwd: place.data,
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
        env: { LC_ALL: 'C' },
      },
    );
    await new Promise((resolve, reject) => server.once('spawn', resolve).once('error', reject));
    server.unref();
    return server.pid!;
  } finally {
    await log.close();
  }
}

/** What the server has written since it was started last. */
export async function readLog(place: PostgresPlace): Promise<string> {
  return readFile(logFile(place), 'utf8').catch(() => '');
}

/**
 * Ends the server of a cluster, if one runs: open transactions are rolled back, everything committed is written out, and
 * the promise is kept once the process is gone.
 */
export async function stopServer({ data }: PostgresPlace): Promise<void> {
  const server = await findServer(data);
  if (!server) return;
  signal(server.pid, 'SIGINT');
  for (const endsAt = Date.now() + STOP_TIMEOUT_MS; await isServerOf(server.pid, data); await sleep(POLL_MS)) {
    if (Date.now() > endsAt) throw new Error(`Postgres (pid ${server.pid}) does not stop`);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const logFile = (place: PostgresPlace): string => join(place.data, 'server.log');

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
