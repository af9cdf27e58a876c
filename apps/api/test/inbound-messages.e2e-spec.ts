import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Database, type Prisma } from '#persistence';
import { aMessage } from '#testing';
import { type ApiApp, SENDER, startApi } from './api-app.js';

const OTHER_SENDER = '800000000000002';
const NOW = new Date('2026-11-22T12:00:00Z');
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);
let api: ApiApp;
let database: Database;
let key: string;
let clientId: string;
beforeAll(async () => {
  api = await startApi();
  database = api.app.get(Database);
  await api.call('POST', '/v1/senders', {
    body: { phoneNumberId: OTHER_SENDER, wabaId: '900000000000001', accessToken: 'EAAG-canary-token' },
  });
  ({ key, clientId } = await api.aKey({ scopes: ['inbound:read', 'messages:read', 'media'] }));
}, 60_000);
afterAll(() => api.close());
beforeEach(async () => {
  await database.prisma.inboundMessage.deleteMany();
});

const anInbound = (wamid: string, overrides: Partial<Prisma.InboundMessageUncheckedCreateInput> = {}) =>
  database.prisma.inboundMessage.create({
    data: {
      wamid,
      phoneNumberId: SENDER,
      wabaId: '900000000000001',
      contact: '15550100001',
      type: 'text',
      ts: NOW,
      content: { id: wamid, from: '15550100001', type: 'text', text: { body: 'Hello' } },
      inboxId: uuidv7(),
      receivedAt: at(1),
      ...overrides,
    },
  });
const list = (query = '', as = key) => api.call('GET', `/v1/inbound-messages${query}`, { key: as });
const wamids = async (query = '', as = key) =>
  ((await list(query, as)).body.data as { wamid: string }[]).map(({ wamid }) => wamid);
const look = (wamid: string, as = key) =>
  api.call('GET', `/v1/inbound-messages/${encodeURIComponent(wamid)}`, { key: as });

describe('an edited message of a contact', () => {
  const anEdit = (wamid: string, body: string, seconds: number, overrides = {}) =>
    anInbound(wamid, {
      type: 'edit',
      targetWamid: 'wamid.1',
      ts: at(seconds),
      content: {
        id: wamid,
        type: 'edit',
        edit: { original_message_id: 'wamid.1', message: { type: 'text', text: { body } } },
      },
      ...overrides,
    });

  it('shows its last edit, whichever came last', async () => {
    await anInbound('wamid.1');
    await anEdit('wamid.e2', 'Hello, Ada', 60);
    await anEdit('wamid.e1', 'Hello, Bo', 30);
    await anEdit('wamid.e3', 'of another sender', 90, { phoneNumberId: OTHER_SENDER });
    expect((await look('wamid.1')).body).toMatchObject({
      text: 'Hello',
      edit: {
        wamid: 'wamid.e2',
        text: 'Hello, Ada',
        content: { type: 'text', text: { body: 'Hello, Ada' } },
        editedAt: at(60).toISOString(),
      },
    });
  });

  it('that was deleted shows none', async () => {
    await anInbound('wamid.1', { deletedAt: at(70) });
    await anEdit('wamid.e2', 'Hello, Ada', 60);
    expect((await look('wamid.1')).body).toMatchObject({ text: null, content: null, edit: null });
  });

  it('shows how it came: forwarded, or because of an ad', async () => {
    await anInbound('wamid.1', {
      content: {
        type: 'text',
        context: { frequently_forwarded: true },
        referral: { source_type: 'ad', source_id: '7' },
      },
    });
    expect((await look('wamid.1')).body).toMatchObject({
      edit: null,
      forwarded: 'frequently_forwarded',
      referral: { sourceType: 'ad', sourceId: '7', ctwaClid: null },
    });
  });
});

describe('one message of a contact', () => {
  it('is shown as Meta gave it', async () => {
    await anInbound('wamid.HBg/+=', { profileName: 'Ada' });
    expect(await look('wamid.HBg/+=')).toMatchObject({
      status: 200,
      body: {
        wamid: 'wamid.HBg/+=',
        sender: SENDER,
        contact: '15550100001',
        profileName: 'Ada',
        type: 'text',
        text: 'Hello',
        content: { type: 'text', text: { body: 'Hello' } },
        media: null,
        context: null,
        target: null,
        sentAt: NOW.toISOString(),
        receivedAt: at(1).toISOString(),
        deletedAt: null,
      },
    });
  });

  it('that was deleted says so, and nothing of what it said', async () => {
    await anInbound('wamid.1', { deletedAt: at(9) });
    expect((await look('wamid.1')).body).toMatchObject({
      type: 'text',
      text: null,
      content: null,
      deletedAt: at(9).toISOString(),
    });
  });

  it('names the message of ours that it answers, or reacts to', async () => {
    const { id } = await aMessage(database, { clientId, attempts: [{ state: 'accepted', wamid: 'wamid.ours' }] });
    await anInbound('wamid.reply', { contextWamid: 'wamid.ours' });
    await anInbound('wamid.reaction', { type: 'reaction', targetWamid: 'wamid.ours' });
    const ours = { messageId: id, waMessageId: 'wamid.ours' };
    expect((await look('wamid.reply')).body).toMatchObject({ context: ours, target: null });
    expect((await look('wamid.reaction')).body).toMatchObject({ context: null, target: ours });
  });

  it('names one that we did not send, or another client did, by its wamid alone', async () => {
    await aMessage(database, { attempts: [{ state: 'accepted', wamid: 'wamid.anothers' }] });
    await anInbound('wamid.1', { contextWamid: 'wamid.anothers', targetWamid: 'wamid.nobodys' });
    expect((await look('wamid.1')).body).toMatchObject({
      context: { messageId: null, waMessageId: 'wamid.anothers' },
      target: { messageId: null, waMessageId: 'wamid.nobodys' },
    });
  });

  it('names its file as /v1/media knows it', async () => {
    const media = await database.prisma.mediaAsset.create({
      data: {
        id: uuidv7(),
        phoneNumberId: SENDER,
        direction: 'inbound',
        state: 'pending',
        wamid: 'wamid.cat',
        nextTryAt: new Date(),
      },
    });
    await anInbound('wamid.cat', { type: 'image', content: { type: 'image', image: { caption: 'A cat' } } });
    const { body } = await look('wamid.cat');
    expect(body).toMatchObject({ text: 'A cat', media: { id: media.id, state: 'pending' } });
    expect(await api.call('GET', `/v1/media/${media.id}/metadata`, { key })).toMatchObject({
      body: { wamid: 'wamid.cat' },
    });
  });

  it('is hidden from keys without its sender, or without the scope', async () => {
    await anInbound('wamid.1');
    const elsewhere = await api.aKey({ scopes: ['inbound:read'], senders: [OTHER_SENDER] });
    expect(await look('wamid.1', elsewhere.key)).toMatchObject({
      status: 404,
      body: { code: 'inbound_message_not_found' },
    });
    expect((await look('wamid.1', (await api.aKey()).key)).status).toBe(403);
    expect((await look('wamid.2')).status).toBe(404);
    expect(await look('wamid 1')).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
  });
});

describe('the list of messages of contacts', () => {
  it('goes page by page, newest first by Meta’s time, whatever arrives meanwhile', async () => {
    for (const [index, wamid] of ['c', 'a', 'b', 'e', 'd'].entries())
      await anInbound(wamid, { ts: at(Math.floor(index / 2)), phoneNumberId: index % 2 ? SENDER : OTHER_SENDER });
    const first = await list('?limit=2');
    expect(first.body.data).toMatchObject([{ wamid: 'd' }, { wamid: 'e' }]);
    await anInbound('f', { ts: at(60) });
    const second = await list(`?limit=2&cursor=${String(first.body.nextCursor)}`);
    expect(second.body.data).toMatchObject([{ wamid: 'b' }, { wamid: 'c' }]);
    const third = await list(`?limit=2&cursor=${String(second.body.nextCursor)}`);
    expect(third.body).toMatchObject({ data: [{ wamid: 'a' }], nextCursor: null });
  });

  it('is narrowed by sender, contact and time', async () => {
    await anInbound('ours');
    await anInbound('other-sender', { phoneNumberId: OTHER_SENDER });
    await anInbound('brazil', { contact: '551187654321', ts: at(10) });
    await anInbound('user', { contact: 'US.1', ts: at(20) });
    expect(await wamids(`?sender=${OTHER_SENDER}`)).toEqual(['other-sender']);
    expect(await wamids(`?contact=${encodeURIComponent('+55 11 98765-4321')}`)).toEqual(['brazil']);
    expect(await wamids('?contact=US.1')).toEqual(['user']);
    expect(await wamids(`?sentAfter=${at(10).toISOString()}&sentBefore=${at(20).toISOString()}`)).toEqual(['brazil']);
    const elsewhere = await api.aKey({ scopes: ['inbound:read'], senders: [OTHER_SENDER] });
    expect(await wamids('', elsewhere.key)).toEqual(['other-sender']);
    expect(await wamids(`?sender=${SENDER}`, elsewhere.key)).toEqual([]);
  });

  it.each([
    ['limit=0', 'limit must be a whole number from 1 to 100'],
    ['contact=12', 'contact must be a phone number'],
    ['sentAfter=yesterday', 'sentAfter must be an instant'],
    ['cursor=AZqf3hYSdKSgxM2yzVJ3Bw', 'cursor must be the nextCursor of an earlier page'],
    ['from=1', 'from'],
  ])('refuses %s', async (query, sentence) => {
    const { status, body } = await list(`?${query}`);
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining(sentence)]);
  });
});
