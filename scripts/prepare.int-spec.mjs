import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const LOCKFILE = { packages: { '': {}, 'node_modules/pg': { version: '1.0.0', integrity: 'sha512-a' } } };

/** Stands for `npm ci`: writes down that it ran, and installs what the lockfile says. */
const NPM = `
const { appendFileSync, cpSync, mkdirSync, writeFileSync } = require('node:fs');
appendFileSync('calls', 'npm ' + process.argv[2] + '\\n');
if (!process.argv.includes('--loglevel=error')) console.error('npm warn EBADENGINE');
mkdirSync('node_modules/node/bin', { recursive: true });
writeFileSync('node_modules/node/bin/node', '');
cpSync('package-lock.json', 'node_modules/.package-lock.json');
`;
const PRISMA = `echo "prisma $1" >> calls; mkdir -p libs/persistence/src/generated/prisma; touch libs/persistence/src/generated/prisma/client.ts`;
const SWC = `echo swc >> calls; sleep 0.2; for file in $(find apps -name '*.ts'); do mkdir -p "dist/$(dirname "$file")"; touch "dist/\${file%.ts}.js"; done`;

let clone;

beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), 'herald-prepare-'));
  await cp(join(root, 'scripts'), join(clone, 'scripts'), { recursive: true });
  await write('package-lock.json', JSON.stringify(LOCKFILE));
  await write('prisma/schema.prisma', 'model A {}');
  await write('apps/api/src/main.ts', 'main');
  await write('apps/api/src/main.spec.ts', 'spec');
  await write('npm.js', NPM);
  await writeTool('prisma', PRISMA);
  await writeTool('swc', SWC);
});
afterEach(() => rm(clone, { recursive: true, force: true }));

async function write(path, text) {
  await mkdir(dirname(join(clone, path)), { recursive: true });
  await writeFile(join(clone, path), text);
}

async function writeTool(name, script) {
  await write(`node_modules/.bin/${name}`, `#!/bin/sh\nset -e\n${script}\n`);
  await chmod(join(clone, 'node_modules/.bin', name), 0o755);
}

/** Runs prepare.mjs; gives its exit code, its output and which tools it has called. */
async function prepare(...args) {
  await rm(join(clone, 'calls'), { force: true });
  const result = await start(...args);
  return { ...result, calls: await readCalls() };
}

function start(...args) {
  const env = { PATH: process.env.PATH, npm_execpath: join(clone, 'npm.js') };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(clone, 'scripts/prepare.mjs'), ...args], { env }, (error, stdout, stderr) =>
      resolve({ exitCode: error?.code ?? 0, stdout, stderr }),
    );
  });
}

async function readCalls() {
  const text = await readFile(join(clone, 'calls'), 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean);
}

const NOTHING = { exitCode: 0, stdout: '', stderr: '', calls: [] };
const ALL = ['npm ci', 'prisma generate', 'swc'];

describe('prepare', () => {
  it('does everything on a fresh clone, and then nothing, and never writes to stdout', async () => {
    expect(await prepare()).toMatchObject({ exitCode: 0, stdout: '', calls: ALL });
    expect(await prepare()).toEqual(NOTHING);
  });

  it.each([
    ['apps/api/src/main.ts', 'changed', ['swc']],
    ['apps/api/src/new.ts', 'new', ['swc']],
    ['apps/api/src/main.spec.ts', 'changed', []],
    ['prisma/schema.prisma', 'model B {}', ['prisma generate', 'swc']],
    ['package-lock.json', JSON.stringify({ packages: { 'node_modules/pg': { version: '2.0.0' } } }), ['npm ci', 'swc']],
  ])('after a change of %s to %s calls %j', async (path, text, calls) => {
    await prepare();
    await write(path, text);
    expect(await prepare()).toMatchObject({ exitCode: 0, calls });
    expect(await prepare()).toEqual(NOTHING);
  });

  it('shows no warnings of packages that want a newer Node than the machine has', async () => {
    const { calls, stderr } = await prepare();
    expect(calls).toContain('npm ci');
    expect(stderr).not.toContain('EBADENGINE');
  });

  it('installs when the packages are another lockfile’s, but not for packages of other platforms', async () => {
    await prepare();
    const other = { version: '1.0.0', optional: true, os: ['aix'] };
    await write(
      'package-lock.json',
      JSON.stringify({ packages: { ...LOCKFILE.packages, 'node_modules/other': other } }),
    );
    expect((await prepare()).calls).not.toContain('npm ci');
    await rm(join(clone, 'node_modules/.package-lock.json'));
    expect((await prepare()).calls).toContain('npm ci');
  });

  it('removes from dist what has no source any more', async () => {
    await prepare();
    await write('apps/api/src/old.ts', 'old');
    await prepare();
    expect(existsSync(join(clone, 'dist/apps/api/src/old.js'))).toBe(true);
    await rm(join(clone, 'apps/api/src/old.ts'));
    await prepare();
    expect(existsSync(join(clone, 'dist/apps/api/src/old.js'))).toBe(false);
    expect(existsSync(join(clone, 'dist/apps/api/src/main.js'))).toBe(true);
  });

  it('builds again after a build that failed, and says what failed', async () => {
    await prepare();
    await write('apps/api/src/main.ts', 'wrong');
    await writeTool('swc', 'echo "main.ts: wrong"; exit 3');
    const failed = await prepare();
    expect(failed).toMatchObject({ exitCode: 1, stdout: '' });
    expect(failed.stderr).toMatch(/main\.ts: wrong[\s\S]*exit code 3/);
    await writeTool('swc', SWC);
    expect(await prepare()).toMatchObject({ exitCode: 0, calls: ['swc'] });
  });

  it('does each step once when several start at once', async () => {
    const results = await Promise.all([start(), start(), start()]);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(await readCalls()).toEqual(ALL);
  });

  it('does not wait for one that was killed', async () => {
    const { pid } = spawnSync('true');
    await write('.herald/prepare.lock', String(pid));
    expect(await prepare()).toMatchObject({ exitCode: 0, calls: ALL });
    expect(existsSync(join(clone, '.herald/prepare.lock'))).toBe(false);
  });

  it('builds in any case, and installs in none, with --build', async () => {
    await prepare();
    expect(await prepare('--build')).toMatchObject({ exitCode: 0, calls: ['swc'] });
    await rm(join(clone, 'node_modules/.package-lock.json'));
    expect(await prepare('--build')).toMatchObject({ exitCode: 0, calls: ['swc'] });
  });
});
