import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '#persistence';
import { type ApiApp, SENDER, startApi } from './api-app.js';

let api: ApiApp;
beforeAll(async () => (api = await startApi()), 60_000);
afterAll(() => api.close());

const token = { scope: 'access_token', scopeId: 'token-1' };
beforeEach(async () => {
  const { prisma } = api.app.get(Database);
  await prisma.hold.deleteMany();
  await prisma.alert.deleteMany();
  await prisma.hold.create({ data: { ...token, reason: 'Access token not accepted', errorCode: 190 } });
  await prisma.hold.create({
    data: { scope: 'sender', scopeId: SENDER, reason: 'r', until: new Date(Date.now() - 1_000) },
  });
  await prisma.alert.create({
    data: { id: uuidv7(), kind: 'sending_paused', ...token, count: 3, advice: 'Give a new token' },
  });
  await prisma.alert.create({
    data: { id: uuidv7(), kind: 'sending_paused', ...token, scopeId: 'old', closedAt: new Date(), advice: 'x' },
  });
});

describe('holds and alerts', () => {
  it('are shown', async () => {
    expect((await api.call('GET', '/v1/holds')).body).toEqual({
      data: [
        {
          ...token,
          reason: 'Access token not accepted',
          errorCode: 190,
          until: null,
          createdAt: expect.stringMatching(/Z$/),
        },
      ],
    });
    expect((await api.call('GET', '/v1/alerts')).body).toMatchObject({
      data: [{ ...token, kind: 'sending_paused', count: 3, closedAt: null, advice: 'Give a new token' }],
    });
    expect((await api.call('GET', '/v1/alerts?state=all')).body.data).toHaveLength(2);
    expect(await api.call('GET', '/v1/alerts?state=some')).toMatchObject({ status: 422 });
  });

  it('are lifted, once', async () => {
    const lift = () => api.call('DELETE', '/v1/holds/access_token/token-1');
    expect((await lift()).status).toBe(204);
    expect(await lift()).toMatchObject({ status: 404, body: { code: 'hold_not_found' } });
    expect((await api.call('GET', '/v1/holds')).body).toEqual({ data: [] });
    expect((await api.call('GET', '/v1/alerts')).body).toEqual({ data: [] });
    expect((await api.call('DELETE', '/v1/holds/planet/earth')).status).toBe(404);
  });

  it('are closed by hand where they tell of something that happened, and stay open while their cause goes on', async () => {
    const { prisma } = api.app.get(Database);
    const unknown = { kind: 'pricing_unknown', scope: 'waba', scopeId: '900000000000001' };
    await prisma.alert.create({ data: { id: uuidv7(), ...unknown, advice: 'Look it up' } });
    const close = (path: string) => api.call('DELETE', `/v1/alerts/${path}`);
    expect((await close('pricing_unknown/waba/900000000000001')).status).toBe(204);
    expect(await close('pricing_unknown/waba/900000000000001')).toMatchObject({
      status: 404,
      body: { code: 'alert_not_found' },
    });
    expect(await close('sending_paused/access_token/token-1')).toMatchObject({
      status: 409,
      body: { code: 'alert_has_cause' },
    });
    expect((await close('sending_paused/access_token/old')).status).toBe(404);
    expect((await api.call('GET', '/v1/alerts')).body.data).toHaveLength(1);
  });

  it.each([
    ['GET', '/v1/holds'],
    ['DELETE', '/v1/holds/access_token/token-1'],
    ['GET', '/v1/alerts'],
    ['DELETE', '/v1/alerts/pricing_unknown/waba/900000000000001'],
  ] as const)('%s %s is for operators', async (method, path) => {
    const { key } = await api.aKey();
    expect((await api.call(method, path, { key })).status).toBe(403);
  });
});

it('readiness is degraded while an alert is open', async () => {
  const ready = () => api.call('GET', '/health/ready', { key: null });
  expect(await ready()).toMatchObject({
    status: 200,
    body: { status: 'degraded', parts: { alerts: { status: 'degraded', reason: '1 sending_paused' } } },
  });
  await api.call('DELETE', '/v1/holds/access_token/token-1');
  expect((await ready()).body).toMatchObject({ parts: { alerts: { status: 'up' } } });
});
