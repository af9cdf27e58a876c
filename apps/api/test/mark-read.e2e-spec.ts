import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '#persistence';
import { type ApiApp, SENDER, startApi } from './api-app.js';

let api: ApiApp;
beforeAll(async () => (api = await startApi()), 60_000);
afterAll(() => api.close());

const markRead = (key: string, wamid: string, body?: object) =>
  api.call('POST', `/v1/inbound-messages/${encodeURIComponent(wamid)}/read`, { key, body });
const receipt = (wamid: string) => api.app.get(Database).prisma.readReceipt.findUnique({ where: { wamid } });
const anInbound = (wamid: string) =>
  api.app.get(Database).prisma.inboundMessage.create({
    data: {
      wamid,
      phoneNumberId: SENDER,
      wabaId: '900000000000001',
      contact: '15550100001',
      type: 'text',
      ts: new Date(),
      content: {},
      inboxId: uuidv7(),
      receivedAt: new Date(),
    },
  });

describe('a message of a contact', () => {
  it('that came is marked as read by its wamid alone', async () => {
    const { key } = await api.aKey();
    await anInbound('wamid.HBg=');
    expect(await markRead(key, 'wamid.HBg=')).toMatchObject({ status: 202, body: { success: true } });
    expect(await receipt('wamid.HBg=')).toMatchObject({ phoneNumberId: SENDER, wantsTyping: false, state: 'pending' });
  });

  it('that never came needs its sender', async () => {
    const { key } = await api.aKey();
    expect(await markRead(key, 'wamid.new')).toMatchObject({
      status: 422,
      body: { code: 'sender_needed', errors: [{ field: 'from' }] },
    });
    expect(await markRead(key, 'wamid.new', { from: '7' })).toMatchObject({
      status: 422,
      body: { code: 'unknown_sender' },
    });
    expect((await markRead(key, 'wamid.new', { from: SENDER, typingIndicator: true })).status).toBe(202);
    expect(await receipt('wamid.new')).toMatchObject({ phoneNumberId: SENDER, wantsTyping: true });
  });

  it('of another sender is not there', async () => {
    const { key } = await api.aKey({ senders: ['800000000000777'] });
    await anInbound('wamid.other');
    expect(await markRead(key, 'wamid.other')).toMatchObject({
      status: 404,
      body: { code: 'inbound_message_not_found' },
    });
    expect(await markRead(key, 'wamid.other', { from: SENDER })).toMatchObject({
      status: 403,
      body: { code: 'sender_not_allowed' },
    });
    expect(await receipt('wamid.other')).toBeNull();
  });

  it.each([
    ['typingIndicator', { from: SENDER, typingIndicator: 'yes' }, 'typingIndicator'],
    ['another field', { status: 'read' }, 'status'],
  ])('is not marked with a wrong %s', async (_what, body, field) => {
    const { key } = await api.aKey();
    expect(await markRead(key, 'wamid.x', body)).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });
});
