import { readEnvFile } from '#config';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, spawnProcess, type SpawnedProcess } from '#testing';

/** A home folder of one suite's stacks, and whatever runs in it. */
export class Home {
  /** Postgres runs as a plain user, which must get in. */
  readonly folder = mkdtempSync(join(tmpdir(), 'herald-home-'));
  private readonly started: SpawnedProcess[] = [];

  constructor() {
    chmodSync(this.folder, 0o755);
  }

  /** Starts `npm start`'s program without waiting for it. */
  async launch(env: Record<string, string> = {}): Promise<SpawnedProcess> {
    const settings = { HERALD_HOME: this.folder, PORT: '0', LOG_LEVEL: 'warn', ...env };
    const stack = await spawnProcess('standalone', settings, { readyPath: null });
    this.started.push(stack);
    return stack;
  }

  /** Starts it and waits until it is up. */
  async start(env: Record<string, string> = {}): Promise<SpawnedProcess> {
    const stack = await this.launch(env);
    const ended = stack.exited.then(({ code }) => {
      throw new Error(`The stack ended with ${code}:\n${stack.output()}`);
    });
    const up = eventually(() => this.runEnv()['HERALD_PID'] === String(stack.pid), { timeoutMs: 60_000 });
    await Promise.race([up, ended]).finally(() =>
      [up, ended].forEach((promise) => void promise.catch(() => undefined)),
    );
    return stack;
  }

  /** What `run.env` says now; nothing when there is none. */
  runEnv(): Record<string, string> {
    return readEnvFile(join(this.folder, 'run.env'));
  }

  /** Pid of the Postgres whose data are here; undefined when none runs. */
  postgresPid(): number | undefined {
    try {
      return Number(readFileSync(join(this.folder, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]);
    } catch {
      return undefined;
    }
  }

  /** Ends what still runs, and removes the folder. */
  async remove(): Promise<void> {
    await Promise.all(this.started.map((stack) => stack.kill()));
    const postgres = this.postgresPid();
    if (postgres !== undefined) process.kill(postgres, 'SIGINT');
    await eventually(() => this.postgresPid() === undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whether anything answers at a URL. */
export async function answers(url: string | undefined): Promise<boolean> {
  return fetch(`${url}/health/live`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Asks a stack with its ready key. */
export async function call<T>(runEnv: Record<string, string>, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${runEnv['HERALD_URL']}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${runEnv['HERALD_API_KEY']}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
