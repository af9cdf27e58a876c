import { readFileSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually, freePort, type SpawnedProcess } from '#testing';
import { answers, call, Home } from './home.js';

jest.setTimeout(120_000);

const aTemplate = {
  from: '800000000000001',
  to: '+15550100101',
  message: { type: 'template', template: { name: 'hello_customer', language: { code: 'en_US' } } },
};

describe('npm start', () => {
  const home = new Home();
  let stack: SpawnedProcess;
  let id: string;
  const status = async () => (await call<{ status: string | null }>(home.runEnv(), `/v1/messages/${id}`)).status;

  beforeAll(async () => {
    stack = await home.start();
  });
  afterAll(() => home.remove());

  it('says where everything is, on its output and in run.env', async () => {
    const { HERALD_URL, SIMULATOR_URL, HERALD_API_KEY, ...rest } = home.runEnv();
    for (const said of [`${HERALD_URL}/v1`, `${HERALD_URL}/docs`, SIMULATOR_URL, HERALD_API_KEY]) {
      await eventually(() => expect(stack.output()).toContain(said));
    }
    expect(rest).toEqual({
      DATABASE_URL: expect.stringMatching(/^postgresql:\/\//),
      GRAPH_API_BASE_URL: SIMULATOR_URL,
      HERALD_ADMIN_KEY: expect.stringMatching(/^hk_/),
      META_APP_SECRET: expect.any(String),
      META_VERIFY_TOKEN: expect.any(String),
      HERALD_ENCRYPTION_KEYS: expect.any(String),
      HERALD_PID: String(stack.pid),
    });
    for (const file of ['run.env', 'secrets.env', 'api-key']) {
      expect(statSync(join(home.folder, file)).mode & 0o777).toBe(0o600);
    }
  });

  it('delivers a message with the key that it printed, and hears of it', async () => {
    ({ id } = await call<{ id: string }>(home.runEnv(), '/v1/messages', aTemplate));
    await eventually(async () => expect(await status()).toBe('read'));
  });

  it('answers on one port for api, webhooks and worker', async () => {
    const { HERALD_URL, META_VERIFY_TOKEN } = home.runEnv();
    const handshake = `hub.mode=subscribe&hub.verify_token=${META_VERIFY_TOKEN}&hub.challenge=17`;
    expect(await (await fetch(`${HERALD_URL}/webhooks/whatsapp?${handshake}`)).text()).toBe('17');
    expect((await fetch(`${HERALD_URL}/docs`)).status).toBe(200);
    expect((await fetch(`${HERALD_URL}/health/ready`)).status).toBe(200);
  });

  it('runs once in a folder: the second one names the first', async () => {
    const before = readFileSync(join(home.folder, 'run.env'), 'utf8');
    const second = await home.launch();
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.output()).toContain(`pid ${stack.pid} at ${home.runEnv()['HERALD_URL']}`);
    expect(readFileSync(join(home.folder, 'run.env'), 'utf8')).toBe(before);
    expect(await status()).toBe('read');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 after %s, and with it all that it started', async (signal) => {
    const { SIMULATOR_URL } = home.runEnv();
    expect(await answers(SIMULATOR_URL)).toBe(true);
    expect(await stack.kill(signal)).toEqual({ code: 0, signal: null });
    expect(home.runEnv()).toEqual({});
    expect(home.postgresPid()).toBeUndefined();
    expect(await answers(SIMULATOR_URL)).toBe(false);
    stack = await home.start();
    expect(await status()).toBe('read');
  });

  it('comes up again on the same data after kill -9', async () => {
    const before = home.runEnv();
    const postgres = home.postgresPid();
    expect(await stack.kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    await eventually(async () => expect(await answers(before['SIMULATOR_URL'])).toBe(false));
    expect(home.runEnv()).toEqual(before);

    stack = await home.start();
    expect(home.postgresPid()).toBe(postgres);
    expect(home.runEnv()['HERALD_API_KEY']).toBe(before['HERALD_API_KEY']);
    expect(await status()).toBe('read');
  });

  it('comes up again when Postgres was killed as well', async () => {
    process.kill(home.postgresPid()!, 'SIGKILL');
    await stack.kill('SIGKILL');
    stack = await home.start();
    expect(await status()).toBe('read');
  });

  it('sends to GRAPH_API_BASE_URL when it is set, and starts no simulator', async () => {
    await stack.kill();
    const requests: string[] = [];
    const { createServer: createHttp } = await import('node:http');
    const graph = createHttp((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.setHeader('content-type', 'application/json');
      response.end('{"messaging_product":"whatsapp","contacts":[],"messages":[{"id":"wamid.other"}]}');
    });
    await new Promise<void>((resolve) => graph.listen(0, '127.0.0.1', resolve));
    const { port } = graph.address() as AddressInfo;
    stack = await home.start({ GRAPH_API_BASE_URL: `http://127.0.0.1:${port}` });
    expect(home.runEnv()).not.toHaveProperty('SIMULATOR_URL');
    const sent = await call<{ id: string }>(home.runEnv(), '/v1/messages', { ...aTemplate, to: '+15550100102' });
    await eventually(async () =>
      expect(await call(home.runEnv(), `/v1/messages/${sent.id}`)).toMatchObject({ waWamid: 'wamid.other' }),
    );
    expect(requests).toEqual(['POST /v25.0/800000000000001/messages']);
    await stack.kill();
    graph.closeAllConnections();
    graph.close();
  });
});

describe('npm start that cannot start', () => {
  const home = new Home();
  afterAll(() => home.remove());

  it('names a port that is taken, and starts nothing', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const stack = await home.launch({ PORT: String(port) });
    expect(await stack.exited).toEqual({ code: 1, signal: null });
    expect(stack.output()).toContain(`Port ${port} of 127.0.0.1 is taken`);
    expect(home.postgresPid()).toBeUndefined();
    server.close();
  });

  it('says in one line a value what is wrong with the environment', async () => {
    const stack = await home.launch({ LOG_LEVEL: 'loud', FEED_INTERVAL_MS: 'soon' });
    expect(await stack.exited).toEqual({ code: 1, signal: null });
    expect(stack.output().trim().split('\n').sort()).toEqual([
      expect.stringMatching(/^FEED_INTERVAL_MS must be/),
      expect.stringMatching(/^LOG_LEVEL must be/),
    ]);
  });

  it('says so when the database of DATABASE_URL does not answer', async () => {
    const port = await freePort();
    const stack = await home.launch({ DATABASE_URL: `postgresql://herald:secret-word@127.0.0.1:${port}/herald` });
    expect(await stack.exited).toEqual({ code: 1, signal: null });
    expect(stack.output()).toContain(`127.0.0.1:${port}`);
    expect(stack.output()).not.toContain('secret-word');
  });

  it('ends with 0, and leaves nothing behind, when it is stopped while it starts', async () => {
    const stack = await home.launch();
    await eventually(() => home.postgresPid() !== undefined, { timeoutMs: 30_000 });
    expect(await stack.kill()).toEqual({ code: 0, signal: null });
    expect(home.postgresPid()).toBeUndefined();
    expect(home.runEnv()).toEqual({});
  });
});
