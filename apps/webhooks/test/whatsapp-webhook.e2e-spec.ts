import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readEnvironment } from '#config';
import { readFixture, signWebhook } from '#graph-api';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { Queues } from '#queues';
import { createTestDatabase, eventually, type TestDatabase } from '#testing';
import { createWebhooksApp } from '../src/http-server.js';
import { WebhooksRootModule } from '../src/root.module.js';

const VECTORS = JSON.parse(readFixture('webhooks', 'signature_vectors.json')) as {
  app_secret: string;
  raw_body: string;
  x_hub_signature_256: string;
}[];
const SECRET = 'the-newer-app-secret';
const LIMIT = 4 * 1024 * 1024;

interface World {
  app: NestFastifyApplication;
  close(): Promise<void>;
}

async function setup(databaseUrl: string): Promise<World> {
  const environment = readEnvironment({
    DATABASE_URL: databaseUrl,
    META_APP_SECRET: [SECRET, ...new Set(VECTORS.map(({ app_secret }) => app_secret))].join(','),
    META_VERIFY_TOKEN: 'fixture-verify-token',
    HERALD_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    LOG_LEVEL: 'silent',
  });
  const app = await createWebhooksApp(WebhooksRootModule.with(environment), Logger.create('silent'));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const close = async () => {
    await app.close();
    await app.get(Queues).close();
    await app.get(Database).close();
  };
  return { app, close };
}

let test: TestDatabase;
let world: World;

beforeAll(async () => {
  test = await createTestDatabase();
  world = await setup(test.url);
}, 60_000);
afterAll(async () => {
  await world.close();
  await test.drop();
});

const stored = () => world.app.get(Database).prisma.inbox.count();
const deliver = (
  raw: Buffer | string,
  headers: Record<string, string> = { 'x-hub-signature-256': signWebhook(Buffer.from(raw), SECRET) },
) =>
  world.app.inject({
    method: 'POST',
    url: '/webhooks/whatsapp',
    payload: Buffer.from(raw),
    headers: { 'content-type': 'application/json', ...headers },
  });
const delivery = () =>
  JSON.stringify({ object: 'whatsapp_business_account', entry: [], nonce: randomBytes(8).toString('hex') });

describe('GET /webhooks/whatsapp', () => {
  const { request } = JSON.parse(readFixture('webhooks', 'verification_get.json')) as {
    request: { query: Record<string, string> };
  };

  it.each([
    ["answers Meta's handshake with the bare challenge", {}, 200, request.query['hub.challenge']],
    ['refuses another token', { 'hub.verify_token': 'wrong' }, 403, ''],
    ['refuses another mode', { 'hub.mode': 'unsubscribe' }, 403, ''],
    ['refuses a challenge that could be markup', { 'hub.challenge': '<b>' }, 403, ''],
  ])('%s', async (_name, change, status, body) => {
    const response = await world.app.inject({
      method: 'GET',
      url: '/webhooks/whatsapp',
      query: { ...request.query, ...change },
    });
    expect([response.statusCode, response.body]).toEqual([status, body]);
    expect(response.headers['content-type']).toMatch(/^text\/plain/);
  });
});

describe('POST /webhooks/whatsapp', () => {
  it.each(VECTORS.map((vector, i) => [i, vector] as const))(
    'takes signature vector %i: the raw bytes count',
    async (_i, vector) => {
      const before = await stored();
      const response = await deliver(vector.raw_body, { 'x-hub-signature-256': vector.x_hub_signature_256 });
      expect([response.statusCode, response.body]).toEqual([200, '']);
      expect(await stored()).toBe(before + 1);
    },
  );

  it.each<[string, (raw: string) => Record<string, string>]>([
    ['no signature', () => ({})],
    ['a signature of other bytes', () => ({ 'x-hub-signature-256': signWebhook(Buffer.from('{}'), SECRET) })],
    [
      'a signature with another secret',
      (raw) => ({ 'x-hub-signature-256': signWebhook(Buffer.from(raw), 'not-our-secret') }),
    ],
    ['the old SHA-1 header alone', () => ({ 'x-hub-signature': 'sha1=0000000000000000000000000000000000000000' })],
    ['half a signature', (raw) => ({ 'x-hub-signature-256': signWebhook(Buffer.from(raw), SECRET).slice(0, 40) })],
  ])('refuses %s and stores nothing', async (_name, headers) => {
    const raw = delivery();
    const before = await stored();
    expect((await deliver(raw, headers(raw))).statusCode).toBe(401);
    expect(await stored()).toBe(before);
  });

  it('stores what is no JSON, and what nobody knows: the worker finds out', async () => {
    const before = await stored();
    expect((await deliver(`not json ${delivery()}`)).statusCode).toBe(200);
    expect((await deliver(JSON.stringify({ field: 'unheard_of', nonce: delivery() }))).statusCode).toBe(200);
    expect(await stored()).toBe(before + 2);
  });

  it('sends security headers', async () => {
    expect((await deliver(delivery())).headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
  });

  it('leaves a kick for the workers', async () => {
    await deliver(delivery());
    await eventually(async () =>
      expect(await world.app.get(Queues).get('intake').getWaitingCount()).toBeGreaterThan(0),
    );
  });

  it('takes any content type', async () => {
    const raw = delivery();
    const headers = { 'content-type': 'text/plain', 'x-hub-signature-256': signWebhook(Buffer.from(raw), SECRET) };
    expect((await deliver(raw, headers)).statusCode).toBe(200);
  });

  it('stores a delivery that comes again once, and says 200 each time', async () => {
    const raw = delivery();
    const before = await stored();
    const responses = await Promise.all([deliver(raw), deliver(raw), deliver(raw)]);
    expect(responses.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect((await deliver(raw)).statusCode).toBe(200);
    expect(await stored()).toBe(before + 1);
  });

  it('takes 4 MiB and not a byte more', async () => {
    expect((await deliver(Buffer.alloc(LIMIT, 'a'))).statusCode).toBe(200);
    const before = await stored();
    expect((await deliver(Buffer.alloc(LIMIT + 1, 'a'))).statusCode).toBe(413);
    expect(await stored()).toBe(before);
  });

  it('answers 503 while it cannot store, so that Meta keeps the delivery', async () => {
    const away = await setup('postgresql://x:y@127.0.0.1:1/x');
    const raw = delivery();
    const headers = { 'x-hub-signature-256': signWebhook(Buffer.from(raw), SECRET) };
    const response = await away.app.inject({ method: 'POST', url: '/webhooks/whatsapp', payload: raw, headers });
    await away.close();
    expect(response.statusCode).toBe(503);
  }, 20_000);
});
