import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#persistence';
import { aMessage, type MessageOverrides } from '#testing';
import { type ApiApp, aSend, startApi } from './api-app.js';

let api: ApiApp;
beforeAll(async () => (api = await startApi()), 60_000);
afterAll(() => api.close());

const add = (clientId: string, overrides: MessageOverrides) =>
  aMessage(api.app.get(Database), { clientId, ...overrides });

describe('cancel', () => {
  it('takes back a message that waits', async () => {
    const { key } = await api.aKey();
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const sent = await api.call('POST', '/v1/messages', { key, body: aSend({ sendAt }) });
    const path = `/v1/messages/${String(sent.body.id)}`;
    expect(await api.call('POST', `${path}/cancel`, { key })).toMatchObject({
      status: 200,
      body: { id: sent.body.id, state: 'cancelled', waitsFor: null, error: { code: 'cancelled' } },
    });
    expect((await api.call('POST', `${path}/cancel`, { key })).status).toBe(200);
    const timeline = await api.call('GET', `${path}/timeline`, { key });
    expect(timeline.body).toMatchObject({
      data: [{ what: 'message.queued' }, { what: 'message.cancelled', who: 'api', why: expect.any(String) }],
    });
  });

  it('says why it cannot be', async () => {
    const { key, clientId } = await api.aKey();
    const { id } = await add(clientId, { state: 'accepted' });
    expect(await api.call('POST', `/v1/messages/${id}/cancel`, { key })).toMatchObject({
      status: 409,
      body: { code: 'message_not_cancellable', detail: 'The message cannot be cancelled: Meta has taken it' },
    });
  });

  it.each(['cancel', 'redrive'])('of another client, or without the scope: no %s', async (verb) => {
    const { clientId } = await api.aKey();
    const { id } = await add(clientId, { state: 'failed' });
    const { key: other } = await api.aKey();
    const { key: reader } = await api.aKey({ scopes: ['messages:read'] });
    expect((await api.call('POST', `/v1/messages/${id}/${verb}`, { key: other })).status).toBe(404);
    expect((await api.call('POST', `/v1/messages/${id}/${verb}`, { key: reader })).status).toBe(403);
    expect((await api.call('POST', `/v1/messages/none/${verb}`, { key: other })).status).toBe(404);
  });
});

describe('redrive', () => {
  it('queues a message again that has failed, and keeps who and why', async () => {
    const { key, keyId, clientId } = await api.aKey();
    const { id } = await add(clientId, { state: 'failed', errorCode: 131042 });
    const body = { because: 'the card works again' };
    expect(await api.call('POST', `/v1/messages/${id}/redrive`, { key, body })).toMatchObject({
      status: 200,
      body: { id, state: 'queued', error: null, waitsFor: 'worker', attempts: 1 },
    });
    expect((await api.call('GET', `/v1/messages/${id}/timeline`, { key })).body).toMatchObject({
      data: expect.arrayContaining([
        expect.objectContaining({ what: 'message.queued', details: expect.objectContaining({ keyId, ...body }) }),
      ]),
    });
    expect(await api.call('POST', `/v1/messages/${id}/redrive`, { key })).toMatchObject({
      status: 409,
      body: { code: 'message_not_redrivable' },
    });
  });

  it('takes an unknown message only by force, which needs the scope operations', async () => {
    const { key, clientId } = await api.aKey();
    const { id } = await add(clientId, { state: 'unknown' });
    const path = `/v1/messages/${id}/redrive`;
    expect((await api.call('POST', path, { key })).body).toMatchObject({ code: 'message_not_redrivable' });
    expect(await api.call('POST', path, { key, body: { force: true } })).toMatchObject({
      status: 403,
      body: { code: 'scope_missing' },
    });
    const made = await api.call('POST', `/v1/clients/${clientId}/keys`, {
      body: { scopes: ['messages:write', 'operations'], senders: 'all' },
    });
    expect((await api.call('POST', path, { key: String(made.body.key), body: { force: true } })).status).toBe(200);
  });

  it('by filter counts in a dry run, then redrives', async () => {
    const { key, clientId } = await api.aKey();
    await add(clientId, { state: 'failed', reason: 'rejected', errorCode: 131042 });
    await add(clientId, { state: 'failed', reason: 'rejected', errorCode: 131042 });
    await add(clientId, { state: 'expired', reason: 'expired' });
    await add(clientId, { state: 'unknown' });
    const redrive = (body: object) => api.call('POST', '/v1/messages/redrive', { key, body });
    expect((await redrive({ dryRun: true })).body).toEqual({
      matched: 3,
      redriven: 0,
      kinds: [
        { state: 'failed', reason: 'rejected', errorCode: 131042, count: 2 },
        { state: 'expired', reason: 'expired', errorCode: null, count: 1 },
      ],
    });
    expect((await redrive({ dryRun: false, errorCode: 131042 })).body).toMatchObject({ matched: 2, redriven: 2 });
    expect((await redrive({ dryRun: false, states: ['unknown'] })).body).toMatchObject({ matched: 0, redriven: 0 });
    expect((await redrive({ dryRun: true })).body).toMatchObject({ matched: 1 });
  });

  it.each([
    [{}, 'dryRun'],
    [{ dryRun: true, states: ['accepted'] }, 'states'],
    [{ dryRun: true, limit: 10_001 }, 'limit'],
    [{ dryRun: true, createdAfter: 'yesterday' }, 'createdAfter'],
    [{ dryRun: true, colour: 'red' }, 'colour'],
  ])('by filter refuses %j', async (body, field) => {
    expect(await api.call('POST', '/v1/messages/redrive', { body })).toMatchObject({
      status: 422,
      body: { errors: [{ field }] },
    });
  });
});
