import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { readEnvironment } from '#config';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { Queues } from '#queues';
import { createTestDatabase, eventually } from '#testing';
import { createHttpApp } from '../src/http-server.js';
import { ApiRootModule } from '../src/root.module.js';

export const ADMIN_KEY = 'hk_bootstrap-key-of-the-tests';
export const SENDER = '800000000000001';

/** A request as the tests make it: a key when given, a body as JSON unless it is a text. */
export interface Call {
  key?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

/** An answer; `body` is parsed when it is JSON. */
export interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: LightMyRequestResponse['headers'];
}

/** The API in this process, on a database of its own, with one sender. */
export interface ApiApp {
  app: NestFastifyApplication;
  databaseUrl: string;
  /** All lines of the log so far. */
  log: () => string;
  call: (method: InjectOptions['method'], url: string, call?: Call) => Promise<Answer>;
  /** A new client with a key. */
  aKey: (grant?: {
    scopes?: string[];
    senders?: 'all' | string[];
  }) => Promise<{ key: string; keyId: string; clientId: string }>;
  close: () => Promise<void>;
}

/** @param environment changes to the environment of the API */
export async function startApi(environment: Record<string, string> = {}): Promise<ApiApp> {
  const testDatabase = await createTestDatabase();
  const lines: string[] = [];
  const logger = Logger.create('info', { write: (line: string) => void lines.push(line) });
  const variables = {
    DATABASE_URL: testDatabase.url,
    META_APP_SECRET: 'a-secret-of-the-tests',
    META_VERIFY_TOKEN: 'a-token-of-the-tests',
    HERALD_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    HERALD_ADMIN_KEY: ADMIN_KEY,
    // Nobody listens there: what a test sends is checked against what is stored alone.
    GRAPH_API_BASE_URL: 'http://127.0.0.1:1',
    ...environment,
  };
  const app = await createHttpApp(ApiRootModule.with(readEnvironment(variables)), logger);
  // The log of the rooms goes where the test can read it: the Logger that they already hold takes over ours.
  Object.assign(app.get(Logger), logger);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const call: ApiApp['call'] = async (method, url, { key = ADMIN_KEY, body, headers = {} } = {}) => {
    const response = await app.inject({
      method,
      url,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      payload:
        typeof body === 'string' || Buffer.isBuffer(body)
          ? body
          : body === undefined
            ? undefined
            : JSON.stringify(body),
    });
    return { status: response.statusCode, body: asJson(response), headers: response.headers };
  };
  let clients = 0;
  const api: ApiApp = {
    app,
    databaseUrl: testDatabase.url,
    log: () => lines.join(''),
    call,
    aKey: async ({ scopes = ['messages:write', 'messages:read'], senders = 'all' } = {}) => {
      const client = await call('POST', '/v1/clients', { body: { name: `client ${(clients += 1)}` } });
      const clientId = String(client.body.id);
      const made = await call('POST', `/v1/clients/${clientId}/keys`, { body: { scopes, senders } });
      return { key: String(made.body.key), keyId: String(made.body.id), clientId };
    },
    close: async () => {
      await app.close();
      await app.get(Queues).close();
      await app.get(Database).close();
      await testDatabase.drop();
    },
  };
  if (environment.DATABASE_URL === undefined) {
    // On a busy machine Postgres may not be reached in time, which is answered 503: what all tests build on is asked for again.
    await eventually(async () => {
      const { status, body } = await call('POST', '/v1/senders', {
        body: { phoneNumberId: SENDER, wabaId: '900000000000001', accessToken: 'EAAG-canary-token' },
      });
      if (status >= 300) throw new Error(`/v1/senders: ${status} ${JSON.stringify(body)}`);
      return true;
    });
  }
  return api;
}

function asJson(response: LightMyRequestResponse): Record<string, unknown> {
  return /json/.test(String(response.headers['content-type'])) ? response.json<Record<string, unknown>>() : {};
}

/** A valid body of `POST /v1/messages`. */
export const aSend = (overrides: Record<string, unknown> = {}): Record<string, unknown> => ({
  from: SENDER,
  to: '+15550100001',
  message: { type: 'text', text: { body: 'Your table is ready' } },
  ...overrides,
});
