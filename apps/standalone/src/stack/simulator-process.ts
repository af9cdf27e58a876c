import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Variables } from '#config';
import { StartRefusedError } from './start-refused.error.js';

const PROGRAM = fileURLToPath(new URL('../../../graph-simulator/src/main.js', import.meta.url));
const START_TIMEOUT_MS = 20_000;
/** It ends at once when it is asked to; a stuck one must not keep the stack from ending. */
const STOP_TIMEOUT_MS = 3_000;

/** The simulator, in a process of its own. */
export interface SimulatorProcess {
  url: string;
  stop: () => Promise<void>;
}

export interface SimulatorOptions {
  /** Where it posts webhooks. */
  webhookUrl: string;
  /** What signs them. */
  appSecret: string;
  /** The file that its log of requests goes to. */
  logFile: string;
  /** SIMULATOR_… variables in it change its habits. */
  variables: Variables;
  /** Told when it ends although nobody asked it to. */
  onLost: (exitCode: number | null) => void;
}

/**
 * Starts the simulator on a free port. It ends with this process, however that ends; Ctrl-C in a terminal does not reach
 * it, so that sends under way are answered before it goes.
 */
export async function startSimulator(options: SimulatorOptions): Promise<SimulatorProcess> {
  const child = fork(PROGRAM, {
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
    env: environmentOf(options),
  });
  const port = await portOf(child);
  let isStopping = false;
  child.once('exit', (exitCode) => isStopping || options.onLost(exitCode));
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      isStopping = true;
      await end(child);
    },
  };
}

function environmentOf({ webhookUrl, appSecret, logFile, variables }: SimulatorOptions): Record<string, string> {
  const habits = Object.entries(variables).filter(([name, value]) => name.startsWith('SIMULATOR_') && value);
  return {
    SIMULATOR_LOG_FILE: logFile,
    ...(Object.fromEntries(habits) as Record<string, string>),
    SIMULATOR_WEBHOOK_URL: webhookUrl,
    META_APP_SECRET: appSecret,
    HOST: '127.0.0.1',
    PORT: '0',
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  const said = once(child, 'message', { signal: timeout }) as Promise<[{ port: number }]>;
  const ended = once(child, 'exit', { signal: timeout }).then(([code]) => {
    throw new StartRefusedError(`The simulator ended with exit code ${String(code)} instead of starting`);
  });
  try {
    const [{ port }] = await Promise.race([said, ended]);
    return port;
  } catch (error) {
    child.kill('SIGKILL');
    if (timeout.aborted) throw new StartRefusedError(`The simulator did not start within ${START_TIMEOUT_MS} ms`);
    throw error;
  } finally {
    said.catch(() => undefined);
    ended.catch(() => undefined);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(killer);
}
