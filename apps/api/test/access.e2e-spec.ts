import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SCOPES } from '#access';
import { ADMIN_KEY, type ApiApp, aSend, SENDER, startApi } from './api-app.js';

let api: ApiApp;
beforeAll(async () => (api = await startApi()), 60_000);
afterAll(() => api.close());

const ROUTES = [
  ['POST', '/v1/messages', 'messages:write', aSend()],
  ['GET', '/v1/messages', 'messages:read', undefined],
  ['GET', '/v1/messages/01935260-0000-7000-8000-000000000000', 'messages:read', undefined],
  ['GET', '/v1/messages/01935260-0000-7000-8000-000000000000/timeline', 'messages:read', undefined],
  ['GET', '/v1/clients', 'clients', undefined],
  ['POST', '/v1/clients', 'clients', { name: 'shop' }],
  ['GET', '/v1/clients/01935260-0000-7000-8000-000000000000/keys', 'clients', undefined],
  ['GET', '/v1/senders', 'senders', undefined],
  ['GET', `/v1/senders/${SENDER}`, 'senders', undefined],
] as const;

describe('scopes', () => {
  it.each(ROUTES)('%s %s needs %s', async (method, url, scope, body) => {
    const others = SCOPES.filter((one) => one !== scope && one !== 'all');
    const without = await api.aKey({ scopes: others });
    expect(await api.call(method, url, { key: without.key, body })).toMatchObject({
      status: 403,
      body: { code: 'scope_missing', detail: `This key does not have the scope ${scope}` },
    });
    for (const scopes of [[scope], ['all']]) {
      const { key } = await api.aKey({ scopes });
      expect([401, 403]).not.toContain((await api.call(method, url, { key, body })).status);
    }
  });
});

describe('senders of a key', () => {
  it('are those it names', async () => {
    const { key } = await api.aKey({ scopes: ['messages:write', 'senders'], senders: ['800000000000777'] });
    const refused = { status: 403, body: { code: 'sender_not_allowed' } };
    expect(await api.call('POST', '/v1/messages', { key, body: aSend() })).toMatchObject(refused);
    // It learns nothing of a sender that is not its own, also not that there is none.
    expect(await api.call('POST', '/v1/messages', { key, body: aSend({ from: '1' }) })).toMatchObject(refused);
    expect(await api.call('POST', '/v1/messages', { key, body: aSend({ from: '800000000000777' }) })).toMatchObject({
      status: 422,
      body: { code: 'unknown_sender' },
    });
    expect((await api.call('GET', '/v1/senders', { key })).body).toEqual({ data: [] });
    expect((await api.call('GET', `/v1/senders/${SENDER}`, { key })).status).toBe(404);
    const body = { phoneNumberId: SENDER, wabaId: '1', accessToken: 'stolen' };
    expect(await api.call('POST', '/v1/senders', { key, body })).toMatchObject(refused);
  });

  it('of all are all, also those to come', async () => {
    const { key } = await api.aKey({ scopes: ['messages:write'] });
    const from = '800000000000888';
    expect((await api.call('POST', '/v1/messages', { key, body: aSend({ from }) })).status).toBe(422);
    await api.call('POST', '/v1/senders', { body: { phoneNumberId: from, wabaId: '1', accessToken: 'EAAG' } });
    expect((await api.call('POST', '/v1/messages', { key, body: aSend({ from }) })).status).toBe(202);
  });
});

describe('keys', () => {
  it('are shown once', async () => {
    const { key, clientId, keyId } = await api.aKey();
    expect(key).toMatch(/^hk_[\w-]{43}$/);
    const { body } = await api.call('GET', `/v1/clients/${clientId}/keys`);
    expect(body.data).toEqual([expect.objectContaining({ id: keyId, prefix: key.slice(0, 9), revokedAt: null })]);
    expect(JSON.stringify(body)).not.toContain(key.slice(10));
  });

  it('stop when they are revoked', async () => {
    const { key, clientId, keyId } = await api.aKey();
    expect((await api.call('GET', '/v1/messages', { key })).status).toBe(200);
    expect((await api.call('DELETE', `/v1/clients/${clientId}/keys/${keyId}`)).status).toBe(204);
    expect(await api.call('GET', '/v1/messages', { key })).toMatchObject({
      status: 401,
      body: { code: 'invalid_api_key' },
    });
    expect((await api.call('DELETE', `/v1/clients/${clientId}/keys/${keyId}`)).status).toBe(204);
  });

  it.each([
    ['GET', '/v1/clients/01935260-0000-7000-8000-000000000000/keys', 'client_not_found'],
    ['GET', '/v1/clients/abc/keys', 'client_not_found'],
    ['DELETE', '/v1/clients/abc/keys/def', 'api_key_not_found'],
    ['POST', '/v1/clients/abc/disable', 'client_not_found'],
    ['POST', '/v1/clients/01935260-0000-7000-8000-000000000000/enable', 'client_not_found'],
    [
      'DELETE',
      '/v1/clients/01935260-0000-7000-8000-000000000000/keys/01935260-0000-7000-8000-000000000000',
      'api_key_not_found',
    ],
  ] as const)('%s %s: 404 %s', async (method, url, code) => {
    expect(await api.call(method, url)).toMatchObject({ status: 404, body: { code } });
  });

  it('give no more than they have', async () => {
    const { key, clientId } = await api.aKey({ scopes: ['clients', 'messages:read'], senders: [SENDER] });
    const make = (scopes: string[], senders: unknown) =>
      api.call('POST', `/v1/clients/${clientId}/keys`, { key, body: { scopes, senders } });
    const tooWide = { status: 403, body: { code: 'grant_too_wide' } };
    expect(await make(['all'], [SENDER])).toMatchObject(tooWide);
    expect(await make(['messages:write'], [SENDER])).toMatchObject(tooWide);
    expect(await make(['messages:read'], 'all')).toMatchObject(tooWide);
    expect((await make(['messages:read'], [SENDER])).status).toBe(201);
  });

  it.each([
    [{ scopes: ['everything'], senders: 'all' }, 'scopes'],
    [{ scopes: [], senders: 'all' }, 'scopes'],
    [{ scopes: 'all', senders: 'all' }, 'scopes'],
    [{ scopes: ['all'] }, 'senders'],
    [{ scopes: ['all'], senders: [] }, 'senders'],
    [{ scopes: ['all'], senders: 'some' }, 'senders'],
    [{ scopes: ['all'], senders: [SENDER, 7] }, 'senders'],
  ])('cannot be made with %j', async (body, field) => {
    const { clientId } = await api.aKey();
    const answer = await api.call('POST', `/v1/clients/${clientId}/keys`, { body });
    expect(answer.status).toBe(422);
    expect((answer.body.errors as { field: string }[]).every((error) => error.field === field)).toBe(true);
  });
});

describe('clients', () => {
  it('are shut out, and let in again', async () => {
    const { key, clientId } = await api.aKey({ scopes: ['messages:read'], senders: 'all' });
    const read = async () => (await api.call('GET', '/v1/messages', { key })).status;
    const disabled = await api.call('POST', `/v1/clients/${clientId}/disable`);
    expect(disabled).toMatchObject({ status: 200, body: { id: clientId, disabledAt: expect.any(String) } });
    expect(await read()).toBe(401);
    const enabled = await api.call('POST', `/v1/clients/${clientId}/enable`);
    expect(enabled).toMatchObject({ status: 200, body: { id: clientId, disabledAt: null } });
    expect(await read()).toBe(200);
  });

  it('have names of their own', async () => {
    expect((await api.call('POST', '/v1/clients', { body: { name: 'Café nº 1' } })).status).toBe(201);
    expect(await api.call('POST', '/v1/clients', { body: { name: 'Café nº 1' } })).toMatchObject({
      status: 409,
      body: { code: 'client_name_taken' },
    });
    expect((await api.call('POST', '/v1/clients', { body: { name: 'admin' } })).status).toBe(409);
    for (const name of ['', ' x', 'a\nb', 'x'.repeat(101), 7, null]) {
      expect((await api.call('POST', '/v1/clients', { body: { name } })).status).toBe(422);
    }
    const { body } = await api.call('GET', '/v1/clients');
    expect((body.data as { name: string }[]).filter(({ name }) => name === 'Café nº 1')).toHaveLength(1);
  });
});

describe('senders', () => {
  it('are shown without their token', async () => {
    const { status, body } = await api.call('GET', `/v1/senders/${SENDER}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      phoneNumberId: SENDER,
      wabaId: '900000000000001',
      portfolioId: 'waba-900000000000001',
      appId: 'default',
      displayNumber: null,
      currency: 'USD',
      timezone: 'UTC',
      listeningSince: null,
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(JSON.stringify((await api.call('GET', '/v1/senders')).body)).not.toContain('canary');
  });

  it.each([
    [{ phoneNumberId: '' }, 'phoneNumberId'],
    [{ wabaId: 'a b' }, 'wabaId'],
    [{ accessToken: 'with a space' }, 'accessToken'],
    [{ currency: 'euro' }, 'currency'],
    [{ timezone: 'Mars/Olympus' }, 'timezone'],
  ])('cannot have %j', async (wrong, field) => {
    const body = { phoneNumberId: '1', wabaId: '2', accessToken: 'EAAG', ...wrong };
    expect(await api.call('POST', '/v1/senders', { body })).toMatchObject({
      status: 422,
      body: { errors: [{ field }] },
    });
  });
});

describe('the account of a sender', () => {
  const sender = { phoneNumberId: '810000000000001', wabaId: '910000000000001', accessToken: 'EAAGone' };
  const other = { ...sender, phoneNumberId: '810000000000002' };
  const add = (body: object, key?: string) => api.call('POST', '/v1/senders', { body, ...(key ? { key } : {}) });

  it('is not changed by a key that may not use all of its senders', async () => {
    expect((await add(sender)).status).toBe(201);
    const { key } = await api.aKey({ scopes: ['senders'], senders: [sender.phoneNumberId] });
    expect(await add({ ...sender, currency: 'EUR' }, key)).toMatchObject({ status: 201, body: { currency: 'EUR' } });
    expect((await add(other)).status).toBe(201);
    for (const change of [{ currency: 'USD' }, { timezone: 'Asia/Tokyo' }, { portfolioId: 'mine' }]) {
      expect(await add({ ...sender, ...change }, key)).toMatchObject({
        status: 403,
        body: { code: 'sender_not_allowed', errors: [{ field: 'wabaId' }] },
      });
    }
    expect(await add(sender, key)).toMatchObject({ status: 201, body: { currency: 'EUR', timezone: 'UTC' } });
  });
});

it('takes a key from the Authorization header only', async () => {
  const { key } = await api.aKey();
  const headers = { 'x-api-key': key, cookie: `key=${key}` };
  expect((await api.call('GET', '/v1/messages', { key: null, headers })).status).toBe(401);
  expect((await api.call('GET', '/v1/messages', { key: ADMIN_KEY.slice(0, -1) })).status).toBe(401);
});
