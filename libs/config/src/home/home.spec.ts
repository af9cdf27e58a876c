import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../read-environment.js';
import { LockFile } from './lock-file.js';
import { livePidOf, markOf } from './process-mark.js';
import { readLiveRunEnv, removeRunEnv, type RunEnv, stackLock, writeRunEnv } from './run-env.js';
import { ensureSecrets } from './secrets.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'herald-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const aRunEnv = (overrides: Partial<RunEnv> = {}): RunEnv => ({
  HERALD_URL: 'http://127.0.0.1:3000',
  DATABASE_URL: 'postgresql://x',
  GRAPH_API_BASE_URL: 'http://127.0.0.1:3001',
  HERALD_ADMIN_KEY: 'hk_a',
  HERALD_API_KEY: 'hk_b',
  META_APP_SECRET: 'secret',
  META_VERIFY_TOKEN: 'token',
  HERALD_ENCRYPTION_KEYS: 'k1:x',
  HERALD_PID: String(process.pid),
  ...overrides,
});

describe('process marks', () => {
  it('tell a process from a later one of the same pid', () => {
    const mark = markOf(process.pid)!;
    expect(livePidOf(mark)).toBe(process.pid);
    expect(livePidOf(`${mark}1`)).toBeUndefined();
    expect(livePidOf('')).toBeUndefined();
    expect(markOf(2 ** 22 + 1)).toBeUndefined();
  });
});

describe('LockFile', () => {
  it('is held by one, and given back', () => {
    const lock = new LockFile(join(home, 'a.lock'));
    expect(lock.tryLock()).toBe(true);
    expect(lock.holder()).toBe(process.pid);
    expect(new LockFile(join(home, 'a.lock')).tryLock()).toBe(false);
    lock.unlock();
    expect(lock.holder()).toBeUndefined();
    expect(lock.tryLock()).toBe(true);
  });

  it.each([
    ['of a process that is gone', `${2 ** 22 + 1} 12345`],
    ['of a process whose pid another one has now', `${process.pid} 1`],
  ])('does not count the lock %s', (_name, mark) => {
    writeFileSync(join(home, 'a.lock'), mark);
    expect(new LockFile(join(home, 'a.lock')).holder()).toBeUndefined();
    expect(new LockFile(join(home, 'a.lock')).tryLock()).toBe(true);
  });

  it('lets one after the other work', async () => {
    const lock = new LockFile(join(home, 'a.lock'));
    let inside = 0;
    const work = async () => {
      inside += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return inside--;
    };
    expect(await Promise.all([lock.during(work), lock.during(work), lock.during(work)])).toEqual([1, 1, 1]);
  });
});

describe('ensureSecrets', () => {
  const NAMES = ['HERALD_ENCRYPTION_KEYS', 'META_APP_SECRET', 'META_VERIFY_TOKEN', 'HERALD_ADMIN_KEY'] as const;

  it('generates what the environment accepts, once, for the owner only', async () => {
    const secrets = await ensureSecrets(home, {}, NAMES);
    expect(() => readEnvironment({ ...secrets, DATABASE_URL: 'postgresql://x' })).not.toThrow();
    expect(await ensureSecrets(home, {}, NAMES)).toEqual(secrets);
    expect(statSync(join(home, 'secrets.env')).mode & 0o777).toBe(0o600);
  });

  it('takes what is configured, and keeps none of it', async () => {
    const secrets = await ensureSecrets(home, { META_APP_SECRET: 'configured', META_VERIFY_TOKEN: '' }, NAMES);
    expect(secrets.META_APP_SECRET).toBe('configured');
    expect(secrets.META_VERIFY_TOKEN).toHaveLength(24);
    expect(readFileSync(join(home, 'secrets.env'), 'utf8')).not.toMatch(/configured|META_APP_SECRET/);
  });

  it('is the same for several processes that ask at once', async () => {
    const [one, other] = await Promise.all([ensureSecrets(home, {}, NAMES), ensureSecrets(home, {}, NAMES)]);
    expect(one).toEqual(other);
  });
});

describe('run.env', () => {
  it('is read while its stack is up', () => {
    stackLock(home).tryLock();
    writeRunEnv(home, aRunEnv({ SIMULATOR_URL: undefined }));
    expect(readLiveRunEnv(home)).toEqual(aRunEnv());
    expect(readFileSync(join(home, 'run.env'), 'utf8')).not.toContain('SIMULATOR_URL');
    expect(statSync(join(home, 'run.env')).mode & 0o777).toBe(0o600);
    removeRunEnv(home);
    expect(readLiveRunEnv(home)).toBeUndefined();
  });

  it('does not count when a killed stack left it behind', () => {
    writeRunEnv(home, aRunEnv());
    expect(readLiveRunEnv(home)).toBeUndefined();
    stackLock(home).tryLock();
    writeRunEnv(home, aRunEnv({ HERALD_PID: '17' }));
    expect(readLiveRunEnv(home)).toBeUndefined();
  });
});
