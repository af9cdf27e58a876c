import { readLiveRunEnv, type RunEnv, type Variables } from '#config';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../main.js', import.meta.url));
const START_TIMEOUT_MS = 60_000;
/** Longer than the process gives itself. */
const STOP_TIMEOUT_MS = 50_000;

/** A stack as `npm start` runs it, in a process of its own. */
export interface StackProcess {
  /** Where it is, and its secrets. */
  runEnv: RunEnv;
  /** Ends it. @returns its exit code; null when it had to be killed */
  stop: () => Promise<number | null>;
}

/**
 * Starts `npm start`'s program and waits until it is up. It ends with this process, however that ends.
 * @throws Error with all that it said when it does not start
 */
export async function startStackProcess(home: string, variables: Variables): Promise<StackProcess> {
  const child = fork(PROGRAM, {
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C in a terminal reaches this process alone, which then ends the stack in order.
    detached: true,
    env: { ...variables, HERALD_HOME: home },
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  try {
    await untilUp(child);
    const runEnv = readLiveRunEnv(home);
    if (runEnv === undefined) throw new Error('it wrote no run.env');
    return { runEnv, stop: () => end(child) };
  } catch (error) {
    await end(child);
    throw new Error(`The stack did not start: ${(error as Error).message}\n${said.join('')}`, { cause: error });
  }
}

async function untilUp(child: ChildProcess): Promise<void> {
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  const up = once(child, 'message', { signal: timeout });
  const ended = once(child, 'close', { signal: timeout }).then(([code]) => {
    throw new Error(`it ended with exit code ${String(code)}`);
  });
  try {
    await Promise.race([up, ended]);
  } finally {
    // The other one is still to end, badly, and nobody waits for it.
    up.catch(() => undefined);
    ended.catch(() => undefined);
  }
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(killer);
  }
  return child.exitCode;
}
