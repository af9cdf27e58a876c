import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { backends, eventually, spawnProcess, type SpawnedProcess, startTestRedis } from '#testing';

jest.setTimeout(180_000);

/** Longer than a worker may take to end what it has begun, on a machine that is busy. */
const STOP_MS = 90_000;

const PROGRAM = 'dist/apps/standalone/src/demo.js';

describe('npm run demo', () => {
  let temp: string;
  let demo: SpawnedProcess | undefined;
  /** With a temp directory of its own, so that what it leaves behind can be seen. */
  const start = async (env: Record<string, string> = {}) => {
    demo = await spawnProcess(PROGRAM, { TMPDIR: temp, ...env }, { readyPath: null });
    return demo;
  };
  beforeEach(() => {
    temp = mkdtempSync(join(tmpdir(), 'herald-demo-'));
    chmodSync(temp, 0o755);
  });
  afterEach(async () => {
    await demo?.kill('SIGKILL');
    await eventually(() => expect(readdirSync(temp)).toEqual([]), { timeoutMs: STOP_MS });
    rmSync(temp, { recursive: true });
  });

  it.each(backends())('sends every message with its queue on %s, and cleans up', async (backend) => {
    const redis = backend === 'redis' ? await startTestRedis() : undefined;
    const running = await start(redis && { REDIS_URL: redis.url });
    const { code } = await running.exited;
    await redis?.stop();
    expect(running.output()).not.toContain('✗');
    expect(running.output()).toMatch(/ ✓ {2}rate-limited, sent later +text +\+15550112101 +accepted +read +2 /);
    expect(running.output()).toMatch(
      /All 61 messages ended as they should, and each of the 62 attempts reached the simulator once/,
    );
    expect(code).toBe(0);
    expect(readdirSync(temp)).toEqual([]);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)('takes everything with it after %s', async (signal) => {
    const running = await start();
    await eventually(() => running.output().includes('3. '), { timeoutMs: 60_000 });
    const simulator = /simulator at (http:\S+),/.exec(running.output())?.[1];
    await running.kill(signal);
    await eventually(async () => expect(await fetch(`${simulator}/health/live`).catch(() => null)).toBeNull(), {
      timeoutMs: STOP_MS,
    });
  });
});
