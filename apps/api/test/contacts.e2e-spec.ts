import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { chooseMarketing, factsOfIdentity, learnContacts } from '#contacts';
import { Database } from '#persistence';
import { type ApiApp, SENDER, startApi } from './api-app.js';

const OTHER = '800000000000002';
const NAME = { waId: null, userId: null, parentUserId: null, username: null };
const HOUR = 3_600_000;
const START = Math.floor(Date.now() / HOUR) * HOUR - 48 * HOUR;
const at = (hours: number) => new Date(START + hours * HOUR);
const inboxId = uuidv7();
let api: ApiApp;
let database: Database;
let key: string;

/** Somebody was named so to a sender, and wrote to it under the first of these names. */
async function heard(hours: number, person: object, before: object | null = null, phoneNumberId = SENDER) {
  const name = { ...NAME, ...person };
  const identity = { person: name, before: before === null ? null : { ...NAME, ...before } };
  const facts = factsOfIdentity(identity, { at: at(hours), inboxId, isHeard: true });
  await database.transaction((tx) =>
    learnContacts(
      tx,
      facts.map((fact) => ({ ...fact, phoneNumberId })),
    ),
  );
  await database.prisma.inboundMessage.create({
    data: {
      wamid: uuidv7(),
      phoneNumberId,
      wabaId: '900000000000001',
      contact: name.waId ?? name.userId ?? '',
      type: before === null ? 'text' : 'system',
      ts: at(hours),
      content: {},
      inboxId,
      receivedAt: at(hours),
    },
  });
}
const list = (query = '', as = key) => api.call('GET', `/v1/contacts${query}`, { key: as });
const idsOf = async (query = '', as = key) =>
  ((await list(query, as)).body['data'] as { id: string }[]).map(({ id }) => id);
const look = (id: string, as = key) => api.call('GET', `/v1/contacts/${id}`, { key: as });
let mover: string;
let brazilian: string;
let elsewhere: string;

beforeAll(async () => {
  api = await startApi();
  database = api.app.get(Database);
  await api.call('POST', '/v1/senders', {
    body: { phoneNumberId: OTHER, wabaId: '900000000000001', accessToken: 'EAAG-canary-token' },
  });
  ({ key } = await api.aKey({ scopes: ['messages:write', 'inbound:read'] }));
  await heard(0, { waId: '15550100001', userId: 'US.1', username: 'ann' });
  await heard(10, { waId: '15550100003', userId: 'US.3' }, { waId: '15550100001', userId: 'US.1' });
  await heard(40, { userId: 'US.3' });
  [mover = ''] = await idsOf();
  await heard(1, { waId: '5511987654321' });
  [brazilian = ''] = await idsOf();
  await heard(2, { userId: 'US.9' }, null, OTHER);
  [elsewhere = ''] = await idsOf();
  await database.transaction((tx) =>
    chooseMarketing(tx, [
      { phoneNumberId: SENDER, contacts: ['US.3'], wantsMarketing: false, reason: 'keyword', chosenAt: at(41) },
    ]),
  );
}, 60_000);
afterAll(() => api.close());

describe('GET /v1/contacts', () => {
  it.each<[string, () => string, () => string[]]>([
    ['all, those that became known last first', () => '', () => [elsewhere, brazilian, mover]],
    ['by a number', () => '?phone=15550100003', () => [mover]],
    ['by a number that it had', () => `?phone=${encodeURIComponent('+1 (555) 010-0001')}`, () => [mover]],
    ['by another form of a number', () => '?phone=551187654321', () => [brazilian]],
    ['by a user id', () => '?userId=US.1', () => [mover]],
    ['by a username', () => '?username=ann', () => [mover]],
    ['by names that are not one person’s', () => '?userId=US.9&phone=15550100001', () => []],
    ['of a sender', () => `?sender=${OTHER}`, () => [elsewhere]],
    ['by a number of nobody', () => '?phone=15550100999', () => []],
  ])('lists %s', async (_name, query, expected) => {
    expect(await idsOf(query())).toEqual(expected());
  });

  it('goes on where the page before ended', async () => {
    const { body } = await list('?limit=2');
    expect(body['data']).toHaveLength(2);
    expect(await idsOf(`?limit=2&cursor=${String(body['nextCursor'])}`)).toEqual([mover]);
  });

  it.each([
    ['?phone=12', 'phone must be a phone number of 7 to 15 digits'],
    ['?userId=nobody', 'userId must be a user id like US.13491208655302741918'],
    ['?limit=101', 'limit'],
    ['?cursor=x', 'cursor must be the nextCursor of an earlier page'],
  ])('refuses %s', async (query, message) => {
    const { status, body } = await list(query);
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain(message);
  });
});

describe('GET /v1/contacts/{id}', () => {
  it('tells what a contact is and was called, what it chose, and its windows', async () => {
    const { status, body } = await look(mover);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: mover,
      identifiers: [
        { kind: 'username', value: 'ann', endedAt: null },
        {
          kind: 'user_id',
          value: 'US.3',
          firstSeenAt: at(10).toISOString(),
          lastSeenAt: at(40).toISOString(),
          endedAt: null,
          notificationId: inboxId,
        },
        { kind: 'wa_id', value: '15550100003', firstSeenAt: at(10).toISOString(), endedAt: null },
        { kind: 'user_id', value: 'US.1', firstSeenAt: at(0).toISOString(), endedAt: at(10).toISOString() },
        { kind: 'wa_id', value: '15550100001', lastSeenAt: at(10).toISOString(), endedAt: at(10).toISOString() },
      ],
      marketing: [
        { wabaId: '900000000000001', wantsMarketing: false, reason: 'keyword', chosenAt: at(41).toISOString() },
      ],
      windows: [{ sender: SENDER, state: 'open', lastHeardAt: at(40).toISOString() }],
    });
    expect((body['identifiers'] as object[]).length).toBe(5);
  });

  it('is the same under any identifier for windows, messages and conversations', async () => {
    for (const identifier of ['15550100001', '15550100003', 'US.1', 'US.3']) {
      expect((await api.call('GET', `/v1/windows/${SENDER}/${identifier}`, { key })).body).toMatchObject({
        contact: identifier,
        state: 'open',
        lastHeardAt: at(40).toISOString(),
      });
      const { body } = await api.call('GET', `/v1/inbound-messages?contact=${identifier}`, { key });
      expect(body['data']).toHaveLength(3);
    }
  });

  it('refuses marketing to any of its identifiers', async () => {
    const template = { name: 'offer', language: { code: 'en' } };
    const send = (to: unknown) =>
      api.call('POST', '/v1/messages', {
        key,
        body: { from: SENDER, to, category: 'marketing', message: { type: 'template', template } },
      });
    for (const to of ['+15550100003', { userId: 'US.3' }, { userId: 'US.1' }])
      expect(await send(to)).toMatchObject({ status: 422, body: { code: 'recipient_opted_out' } });
    expect((await send('+15550100077')).status).toBe(202);
  });

  it('is found under the id of a contact that it turned out to be', async () => {
    await heard(3, { waId: '15550100050' });
    await heard(4, { userId: 'US.50' });
    const [later = '', earlier = ''] = await idsOf();
    await heard(5, { waId: '15550100050', userId: 'US.50' });
    expect((await look(later)).body['id']).toBe(earlier);
    expect(await idsOf('?userId=US.50')).toEqual([earlier]);
  });

  it('hides contacts of senders that the key may not use, and asks for its scope', async () => {
    const { key: narrow } = await api.aKey({ scopes: ['inbound:read'], senders: [OTHER] });
    expect(await idsOf('', narrow)).toEqual([elsewhere]);
    expect(await look(mover, narrow)).toMatchObject({ status: 404, body: { code: 'contact_not_found' } });
    expect((await look(elsewhere, narrow)).body).toMatchObject({ windows: [{ sender: OTHER }], marketing: [] });
    const { key: writer } = await api.aKey({ scopes: ['messages:read'] });
    expect([(await look(mover, writer)).status, (await list('', writer)).status]).toEqual([403, 403]);
  });

  it.each(['x', uuidv7()])('does not find %s', async (id) => {
    expect(await look(id)).toMatchObject({ status: 404, body: { code: 'contact_not_found' } });
  });
});
