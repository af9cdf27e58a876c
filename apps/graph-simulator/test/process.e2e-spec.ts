import { execFileSync, fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import type { LoggedRequest } from '../src/request-log.js';
import type { Environment } from '../src/settings.js';
import { PHONE_NUMBER_ID, aTemplate, aText } from './world.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Under node_modules, so that the built files find their packages. */
const BUILD = join(ROOT, 'node_modules/.cache', `graph-simulator-${process.pid}`);

/** Far less than the slow answers of this spec take. */
const SLOW_ANSWER_MS = 9_000;

interface Running {
  child: ChildProcess;
  url: string;
  output: () => string;
}

describe('the process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'graph-simulator-'));
  const logFile = join(folder, 'deep', 'requests.jsonl');
  beforeAll(() => {
    const swc = join(ROOT, 'node_modules/.bin/swc');
    execFileSync(swc, ['apps/graph-simulator', 'libs/graph-api', '-d', BUILD, '--copy-files'], { cwd: ROOT });
  });
  afterAll(() => {
    for (const path of [BUILD, folder]) rmSync(path, { recursive: true, force: true });
  });

  it('says where it listens and stops at once with exit code 0, even in the middle of slow answers', async () => {
    const { child, url, output } = await start();
    expect(output()).toContain(`graph-simulator listening on ${url}\n`);
    const slow = Promise.allSettled([send(url, aTemplate('+15550111900')), send(url, aTemplate('+15550150900'))]);
    await send(url, aTemplate('+15550100101'));
    const startedAt = Date.now();
    child.kill('SIGTERM');
    expect(await exitCode(child)).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(SLOW_ANSWER_MS);
    await slow;
  });

  it('does not outlive the parent that forked it', async () => {
    const { child } = await start();
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    expect(await exited).toBe(0);
  });

  it('stops with one line a wrong value', async () => {
    const { child, output } = run({ PORT: 'x', SIMULATOR_BATCH_SIZE: '0' });
    expect(await exitCode(child)).toBe(1);
    expect(
      output()
        .trim()
        .split('\n')
        .filter((line) => !line.includes('Warning')),
    ).toEqual([
      'SIMULATOR_BATCH_SIZE: a whole number from 1 up is expected',
      'PORT: a whole number from 0 to 65535 is expected',
    ]);
  });

  it('says which port is taken', async () => {
    const first = await start();
    const second = run({ PORT: new URL(first.url).port });
    expect(await exitCode(second.child)).toBe(1);
    expect(second.output()).toContain(new URL(first.url).port);
    first.child.kill('SIGKILL');
  });

  it('leaves every send in the log file when it is killed, also one whose answer never came', async () => {
    const { child, url } = await start({ SIMULATOR_LOG_FILE: logFile, SIMULATOR_ENFORCE_WINDOW: 'false' });
    await send(url, aText('+15550100101', 'a1.one.1'));
    await send(url, aText('+15550120310', 'a1.two.1'));
    await expect(send(url, aText('+15550150100', 'a1.three.1'))).rejects.toThrow();
    void send(url, aText('+15550150900', 'a1.four.1')).catch(() => undefined);
    await waitForLines(4);
    child.kill('SIGKILL');
    await exitCode(child);
    expect(lines().map(({ seq, attemptId, outcome, code }) => [seq, attemptId, outcome, code])).toEqual([
      [1, 'a1.one.1', 'accepted', null],
      [2, 'a1.two.1', 'refused', 131026],
      [3, 'a1.three.1', 'dropped', null],
      [4, 'a1.four.1', 'accepted', null],
    ]);
    expect(Object.keys(lines()[0] ?? {})).toEqual(
      'seq at attemptId phoneNumberId recipient type scenario outcome code wamid'.split(' '),
    );
  });

  it('adds to the log file of its predecessor, and a reset empties it', async () => {
    const { child, url } = await start({ SIMULATOR_LOG_FILE: logFile });
    await send(url, aTemplate('+15550100101'));
    expect(lines().map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 1]);
    await request(`${url}/_simulator/reset`, { method: 'POST' });
    await send(url, aTemplate('+15550100102'));
    expect(lines().map(({ seq, recipient }) => [seq, recipient])).toEqual([[1, '+15550100102']]);
    child.kill('SIGKILL');
  });

  async function start(environment: Environment = {}): Promise<Running> {
    const { child, output } = run(environment);
    const { port } = await new Promise<{ port: number }>((resolve) =>
      child.once('message', (message) => resolve(message as { port: number })),
    );
    return { child, output, url: `http://127.0.0.1:${port}` };
  }

  function run(environment: Environment): Omit<Running, 'url'> {
    const chunks: string[] = [];
    const child = fork(join(BUILD, 'apps/graph-simulator/src/main.js'), [], {
      silent: true,
      execArgv: [],
      env: { PATH: process.env.PATH, ...environment },
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    return { child, output: () => chunks.join('') };
  }

  function lines(): LoggedRequest[] {
    return readFileSync(logFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LoggedRequest);
  }

  async function waitForLines(count: number): Promise<void> {
    for (const deadline = Date.now() + 3000; lines().length < count && Date.now() < deadline;) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
});

async function send(url: string, body: object): Promise<void> {
  const answer = await request(`${url}/v25.0/${PHONE_NUMBER_ID}/messages`, {
    method: 'POST',
    headers: { authorization: 'Bearer any-token', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.body.dump();
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}
