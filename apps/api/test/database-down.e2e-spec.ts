import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type EmbeddedPostgres, startThrowawayPostgres } from '#persistence';
import { buildTemplateDatabase } from '#testing';
import { type ApiApp, aSend, SENDER, startApi } from './api-app.js';

let postgres: EmbeddedPostgres;
let api: ApiApp;
beforeAll(async () => {
  postgres = await startThrowawayPostgres();
  await buildTemplateDatabase(postgres.url);
  const url = new URL(postgres.url);
  url.pathname = '/herald_template';
  api = await startApi({ DATABASE_URL: url.href });
}, 90_000);
afterAll(async () => {
  await api.close();
  await postgres.stop();
});

const send = (body = aSend()) => api.call('POST', '/v1/messages', { body });

it('says 503 with a problem once Postgres is gone, for a key it knows and for one it does not', async () => {
  await api.call('POST', '/v1/senders', { body: { phoneNumberId: SENDER, wabaId: '1', accessToken: 'EAAG-canary' } });
  expect((await send()).status).toBe(202);
  await postgres.stop();

  const unknownKey = await api.call('POST', '/v1/messages', {
    key: 'hk_a-key-that-nobody-has-ever-seen',
    body: aSend(),
  });
  for (const answer of [await api.call('GET', '/v1/messages'), unknownKey]) {
    expect(answer).toMatchObject({ status: 503, body: { code: 'database_unavailable', status: 503 } });
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.headers['content-type']).toBe('application/problem+json');
  }
  // What needs no database is still answered.
  expect((await send(aSend({ to: 'nobody' }))).status).toBe(422);
  expect((await api.app.inject('/health/live')).statusCode).toBe(200);
  expect((await api.app.inject('/health/ready')).statusCode).toBe(503);
  expect(api.log()).not.toMatch(/canary|15550100001|Your table/);
}, 60_000);
