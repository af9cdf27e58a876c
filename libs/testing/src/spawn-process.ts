import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#config';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { heapOptions } from './heap-options.js';

/** How a process ended: by itself with a code, or by a signal. */
export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One of Herald's programs, running. */
export interface SpawnedProcess {
  pid: number;
  port: number;
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** Kept once the process has ended. */
  exited: Promise<ProcessExit>;
  /** All that it has written so far, stdout and stderr. */
  output(): string;
  /** Sends a signal (default SIGTERM) and waits for the end. Harmless once it has ended. */
  kill(signal?: NodeJS.Signals): Promise<ProcessExit>;
}

export interface SpawnProcessOptions {
  args?: string[];
  /** Path that answers 200 when the process is ready; null does not wait. Default `/health/ready`. */
  readyPath?: string | null;
  /** Default 90,000: three programs that start at once on a busy machine took more than 30 s. */
  timeoutMs?: number;
}

/** What a program needs of our own environment; the rest must not leak into a test. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

/**
 * Runs a built program (`worker` = dist/apps/worker/src/main.js, or a path from the repository's root) and waits until it
 * is ready. It gets exactly `env`, with a free PORT if there is none in it and a place for what Node compiles of it, and ends with this process. Throws with the
 * program's output when it ends early or does not become ready.
 */
export async function spawnProcess(
  program: string,
  env: Record<string, string | undefined>,
  { args = [], readyPath = '/health/ready', timeoutMs = 90_000 }: SpawnProcessOptions = {},
): Promise<SpawnedProcess> {
  const port = Number(env['PORT'] ?? (await freePort()));
  const inherited = Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]));
  // Without source maps: to read them is a third of the start, and a suite starts hundreds.
  const child = spawn(
    process.execPath,
    [...heapOptions(program), '--import', preloadPath(), programPath(program), ...args],
    {
      cwd: projectRoot(),
      env: { ...inherited, NODE_COMPILE_CACHE: compileCache(), ...env, PORT: String(port) },
      // The channel is how the program notices that this process is gone (exit-with-parent.ts).
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const chunks: Buffer[] = [];
  child.stdout!.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr!.on('data', (chunk: Buffer) => chunks.push(chunk));
  const exited = new Promise<ProcessExit>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve({ code, signal }));
  });
  const spawned: SpawnedProcess = {
    pid: child.pid!,
    port,
    url: `http://127.0.0.1:${port}`,
    exited,
    output: () => Buffer.concat(chunks).toString('utf8'),
    kill: (signal = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
  };
  if (readyPath !== null) await waitUntilReady(spawned, spawned.url + readyPath, timeoutMs);
  return spawned;
}

/** What Node compiled of a program is kept for the next start of it. */
const compileCache = () => join(projectRoot(), '.herald', 'compiled');

async function waitUntilReady(spawned: SpawnedProcess, url: string, timeoutMs: number): Promise<void> {
  let ended: ProcessExit | undefined;
  void spawned.exited.then((exit) => (ended = exit));
  const answers = async () => (await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })).ok;
  try {
    await eventually(() => ended !== undefined || answers(), { timeoutMs });
  } catch (error) {
    await spawned.kill('SIGKILL');
    throw new Error(`Not ready at ${url}: ${(error as Error).message}\n${spawned.output()}`, { cause: error });
  }
  if (ended) throw new Error(`It ended with ${ended.signal ?? `exit code ${ended.code}`}\n${spawned.output()}`);
}

function programPath(program: string): string {
  const path = join(projectRoot(), program.includes('/') ? program : `dist/apps/${program}/src/main.js`);
  if (!existsSync(path)) throw new Error(`${path} is not there: npm run build`);
  return path;
}

const preloadPath = (): string => join(projectRoot(), 'dist/libs/testing/src/exit-with-parent.js');
