import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '#persistence';
import { type ApiApp, SENDER, startApi } from './api-app.js';

const HOUR = 3_600_000;
const wroteAt = new Date(Date.now() - HOUR);
let api: ApiApp;
let key: string;
beforeAll(async () => {
  api = await startApi();
  ({ key } = await api.aKey({ scopes: ['messages:write', 'inbound:read'] }));
  const { prisma } = api.app.get(Database);
  await prisma.sender.updateMany({
    data: { listeningSince: new Date(Date.now() - 48 * HOUR), lastHeardAt: new Date() },
  });
  await prisma.inboundMessage.create({
    data: {
      wamid: 'wamid.in',
      phoneNumberId: SENDER,
      wabaId: '900000000000001',
      contact: '15550100001',
      type: 'text',
      ts: wroteAt,
      content: {},
      inboxId: uuidv7(),
      receivedAt: wroteAt,
    },
  });
}, 60_000);
afterAll(() => api.close());

const look = (path: string, as = key) => api.call('GET', `/v1/windows/${path}`, { key: as });

describe('GET /v1/windows', () => {
  it('tells the window of a contact now, however the number is written', async () => {
    for (const contact of ['15550100001', encodeURIComponent('+1 (555) 010-0001')])
      expect(await look(`${SENDER}/${contact}`)).toMatchObject({
        status: 200,
        body: {
          sender: SENDER,
          contact: '15550100001',
          state: 'open',
          certain: true,
          expiresAt: new Date(wroteAt.getTime() + 24 * HOUR).toISOString(),
          sendable: 'open',
          sendableUntil: new Date(wroteAt.getTime() + 24 * HOUR - 60_000).toISOString(),
          lastHeardAt: wroteAt.toISOString(),
          lastHeardId: 'wamid.in',
          closedByMetaAt: null,
        },
      });
  });

  it('tells it for an instant of the past', async () => {
    const at = new Date(wroteAt.getTime() - 1_000).toISOString();
    expect(await look(`${SENDER}/15550100001?at=${at}`)).toMatchObject({
      body: { at, state: 'closed', lastHeardAt: null },
    });
  });

  it('tells it for an instant before Meta closed it again', async () => {
    const { prisma } = api.app.get(Database);
    const closedAt = (minutes: number) => new Date(wroteAt.getTime() + minutes * 60_000);
    const contact = '15550100001';
    await prisma.windowClosing.createMany({
      data: [10, 20].map((minutes) => ({ phoneNumberId: SENDER, contact, closedAt: closedAt(minutes) })),
    });
    for (const [minutes, state, by] of [
      [9, 'open', null],
      [19, 'closed', closedAt(10).toISOString()],
      [21, 'closed', closedAt(20).toISOString()],
    ] as const)
      expect(await look(`${SENDER}/${contact}?at=${closedAt(minutes).toISOString()}`)).toMatchObject({
        body: { state, closedByMetaAt: by },
      });
    await prisma.windowClosing.deleteMany();
  });

  it.each([
    ['a sender that is not there', '7/15550100001', 404, 'sender_not_found'],
    ['no contact', `${SENDER}/12`, 422, 'validation_failed'],
    ['no instant', `${SENDER}/15550100001?at=yesterday`, 422, 'validation_failed'],
    [
      'an instant to come',
      `${SENDER}/15550100001?at=${new Date(Date.now() + 120_000).toISOString()}`,
      422,
      'validation_failed',
    ],
  ])('refuses %s', async (_name, path, status, code) => {
    expect(await look(path)).toMatchObject({ status, body: { code } });
  });

  it('hides senders that the key may not use, and asks for its scope', async () => {
    const other = await api.aKey({ scopes: ['inbound:read'], senders: ['800000000000009'] });
    expect((await look(`${SENDER}/15550100001`, other.key)).status).toBe(404);
    const writer = await api.aKey({ scopes: ['messages:write'] });
    expect((await look(`${SENDER}/15550100001`, writer.key)).status).toBe(403);
  });
});

describe('the answer to a send', () => {
  const text = (to: string) => ({ from: SENDER, to, message: { type: 'text', text: { body: 'Hi' } } });

  it('says what is known of the window', async () => {
    const windows = [];
    for (const to of ['+15550100001', '+15550100002'])
      windows.push((await api.call('POST', '/v1/messages', { key, body: text(to) })).body['window']);
    expect(windows).toEqual(['open', 'closed']);
  });

  it('says it of each message of a bulk request', async () => {
    const messages = ['+15550100002', '+15550100001'].map(text);
    const { body } = await api.call('POST', '/v1/messages/bulk', { key, body: { messages } });
    expect(body['results']).toMatchObject([{ message: { window: 'closed' } }, { message: { window: 'open' } }]);
  });
});
