import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '#testing';
import { runCli } from './run-cli.js';

jest.setTimeout(120_000);

describe('a command with nothing configured and no stack', () => {
  const home = mkdtempSync(join(tmpdir(), 'herald-cli-'));
  const isRunning = () => existsSync(join(home, 'pg', 'postmaster.pid'));
  // Postgres runs as a plain user, which must get in.
  chmodSync(home, 0o755);
  afterAll(async () => {
    await eventually(() => !isRunning());
    rmSync(home, { recursive: true });
  });

  it('has the embedded database for its length, migrated', async () => {
    const key = await runCli(['key', 'create', '--client', 'shop', '--scopes', 'all', '--senders', 'all'], {
      HERALD_HOME: home,
    });
    expect(key).toEqual({ code: 0, stdout: expect.stringMatching(/^hk_[\w-]{43}\n$/), stderr: '' });
    expect(isRunning()).toBe(false);
  });

  it('shares it with other commands, and the last one stops it', async () => {
    const names = ['one', 'two', 'three'];
    const results = await Promise.all(
      names.map((name) => runCli(['client', 'add', '--name', name], { HERALD_HOME: home })),
    );
    expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual(names.map(() => ({ code: 0, stderr: '' })));
    expect(isRunning()).toBe(false);
    expect(await runCli(['client', 'add', '--name', 'one'], { HERALD_HOME: home })).toMatchObject({ code: 1 });
  });
});
