import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#persistence';
import { listFixtures, readFixture } from '#graph-api';
import { ADMIN_KEY, type ApiApp, aSend, SENDER, startApi } from './api-app.js';

let api: ApiApp;
beforeAll(async () => (api = await startApi()), 60_000);
afterAll(() => api.close());

const post = (key: string, body: unknown, idempotencyKey?: string) =>
  api.call('POST', '/v1/messages', { key, body, headers: idempotencyKey ? { 'idempotency-key': idempotencyKey } : {} });
const count = async (table: 'message' | 'event' | 'idempotencyKey', where: object) => {
  const { prisma } = api.app.get(Database);
  return table === 'message'
    ? prisma.message.count({ where })
    : table === 'event'
      ? prisma.event.count({ where })
      : prisma.idempotencyKey.count({ where });
};

/** Every body of Meta's that goes to one phone number; of its content Herald keeps apart what the caller wants to have back. */
const FIXTURES = listFixtures('send').flatMap((name) => {
  const body = JSON.parse(readFixture('send', name)) as Record<string, unknown>;
  const { messaging_product: _product, recipient_type, recipient, product_policy, to, ...message } = body;
  const { biz_opaque_callback_data: _callbackData, ...content } = message;
  const isForOneNumber = recipient_type === 'individual' && recipient === undefined && product_policy === undefined;
  return isForOneNumber && typeof to === 'string' ? [[name, { to, message, content }] as const] : [];
});

it('has fixtures to try', () => expect(FIXTURES.length).toBeGreaterThan(40));

describe('a message', () => {
  it('is accepted and can be read back', async () => {
    const { key, clientId } = await api.aKey();
    const accepted = await post(key, aSend({ clientReference: 'order-1', tags: ['a', 'b'], priority: 'urgent' }));
    expect(accepted).toMatchObject({
      status: 202,
      body: {
        state: 'queued',
        from: SENDER,
        to: '+15550100001',
        type: 'text',
        priority: 'urgent',
        deliveryPolicy: 'at_least_once',
        window: 'unknown',
      },
    });
    const { id } = accepted.body;
    expect(await api.call('GET', `/v1/messages/${String(id)}`, { key })).toMatchObject({
      status: 200,
      body: {
        id,
        from: SENDER,
        to: '+15550100001',
        type: 'text',
        message: aSend().message,
        priority: 'urgent',
        tags: ['a', 'b'],
        clientReference: 'order-1',
        state: 'queued',
        status: null,
        error: null,
        warnings: [],
        attempts: 0,
        waWamid: null,
        waitsFor: 'worker',
        sentAt: null,
        createdAt: expect.stringMatching(/Z$/),
        expiresAt: expect.stringMatching(/Z$/),
      },
    });
    expect(await count('event', { clientId, type: 'message.queued' })).toBe(1);
  });

  it('keeps its content as it came: zero, empty, false, null and members that nobody knows', async () => {
    const { key } = await api.aKey();
    const message = {
      type: 'interactive',
      interactive: {
        type: 'location_request_message',
        body: { text: 'Where?' },
        action: { name: 'send_location' },
        zero: 0,
        negative: -0.5,
        empty: '',
        no: false,
        nothing: null,
        list: [null, '', 0, [], {}],
        toString: 'a name of every object',
        hasOwnProperty: 1,
        valueOf: { then: 'x' },
        constructor: 'Scuderia',
        prototype: { constructor: null },
        'ключ 😀': { deeper: [{ type: 'x', 'a.b': [[1]] }] },
        when: '2026-11-22T12:00:00.000Z',
        number: '007',
      },
      unknown_member: { a: 1 },
      text: null,
    };
    const { body } = await post(key, aSend({ message }));
    expect((await api.call('GET', `/v1/messages/${String(body.id)}`, { key })).body.message).toEqual(message);
  });

  it.each(FIXTURES)('is what the Cloud API calls one: %s', async (_name, { to, message, content }) => {
    const { key } = await api.aKey();
    const { status, body } = await post(key, aSend({ to, message }));
    expect([status, body.errors]).toEqual([202, undefined]);
    expect((await api.call('GET', `/v1/messages/${String(body.id)}`, { key })).body.message).toEqual(content);
  });

  it('waits for its time', async () => {
    const { key } = await api.aKey();
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const { body } = await post(key, aSend({ sendAt }));
    expect((await api.call('GET', `/v1/messages/${String(body.id)}`, { key })).body).toMatchObject({
      waitsFor: 'schedule',
      waitsUntil: sendAt,
    });
  });

  it('has a timeline', async () => {
    const { key } = await api.aKey();
    const { body } = await post(key, aSend());
    const timeline = await api.call('GET', `/v1/messages/${String(body.id)}/timeline`, { key });
    expect(timeline).toMatchObject({
      status: 200,
      body: {
        data: [
          {
            kind: 'event',
            what: 'message.queued',
            who: 'api',
            why: 'Accepted from the client',
            attempt: null,
            details: { reason: 'new' },
          },
        ],
      },
    });
  });

  it('has a reference that names it for good', async () => {
    const { key } = await api.aKey();
    const { body } = await post(key, aSend({ clientReference: 'once' }));
    expect(await post(key, aSend({ clientReference: 'once' }))).toMatchObject({
      status: 409,
      body: { code: 'client_reference_used', messageId: body.id },
    });
    const other = await api.aKey();
    expect((await post(other.key, aSend({ clientReference: 'once' }))).status).toBe(202);
  });
});

describe('the Idempotency-Key', () => {
  it('gives the first answer again', async () => {
    const { key, clientId } = await api.aKey();
    const first = await post(key, aSend(), 'k1');
    const body = JSON.stringify(aSend(), null, 2).replace('"from"', '"from" ');
    const again = await post(key, body, 'k1');
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(again).toMatchObject({ status: 202, body: first.body });
    expect(await count('message', { clientId })).toBe(1);
  });

  it('names one request: another body is refused', async () => {
    const { key, clientId } = await api.aKey();
    await post(key, aSend(), 'k1');
    expect(await post(key, aSend({ to: '+15550100002' }), 'k1')).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect(await count('message', { clientId })).toBe(1);
  });

  it('belongs to one client', async () => {
    const [one, other] = [await api.aKey(), await api.aKey()];
    const ids = [await post(one.key, aSend(), 'shared'), await post(other.key, aSend(), 'shared')].map(
      ({ body }) => body.id,
    );
    expect(new Set(ids).size).toBe(2);
  });

  it('makes one message of fifty requests that come together', async () => {
    const { key, clientId } = await api.aKey();
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(key, aSend(), 'storm')));
    expect(answers.map(({ status }) => status).filter((status) => status !== 202)).toEqual([]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
    expect(await count('message', { clientId })).toBe(1);
    expect(await count('event', { clientId })).toBe(1);
  });

  it('keeps nothing of a refused request', async () => {
    const { key, clientId } = await api.aKey();
    expect((await post(key, aSend({ to: 'nobody' }), 'k1')).status).toBe(422);
    expect((await post(key, aSend({ from: 'nobody' }), 'k1')).status).toBe(422);
    expect(await count('idempotencyKey', { clientId })).toBe(0);
    expect((await post(key, aSend(), 'k1')).status).toBe(202);
  });

  it('says 409 while the same request is being committed elsewhere for too long', async () => {
    const { key, clientId } = await api.aKey();
    const database = api.app.get(Database);
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let isLocked = () => {};
    const locked = new Promise<void>((resolve) => (isLocked = resolve));
    const elsewhere = database.transaction(async (tx) => {
      await tx.query(
        {
          name: 'test-hold-key',
          sql: `INSERT INTO idempotency_key (client_id, key, hash, status, response, message_ids) VALUES ($1, 'key:held', sha256('x'), 202, '{}', '{}')`,
        },
        [clientId],
      );
      isLocked();
      await held;
    });
    await locked;
    const answer = await post(key, aSend(), 'held');
    release();
    await elsewhere;
    expect(answer).toMatchObject({ status: 409, body: { code: 'idempotency_in_progress' } });
    expect(answer.headers['retry-after']).toBe('1');
  }, 20_000);
});

describe('messages of others', () => {
  it('are not there', async () => {
    const [one, other] = [await api.aKey(), await api.aKey()];
    const { body } = await post(one.key, aSend({ tags: ['private'] }));
    for (const key of [other.key, ADMIN_KEY]) {
      for (const path of ['', '/timeline']) {
        expect(await api.call('GET', `/v1/messages/${String(body.id)}${path}`, { key })).toMatchObject({
          status: 404,
          body: { code: 'message_not_found' },
        });
      }
    }
    expect((await api.call('GET', '/v1/messages', { key: other.key })).body).toEqual({ data: [], nextCursor: null });
    expect((await api.call('GET', '/v1/messages?tag=private', { key: ADMIN_KEY })).body.data).toEqual([]);
  });

  it('are not there for a key of other senders', async () => {
    const { key, clientId } = await api.aKey();
    const { body } = await post(key, aSend());
    const narrow = await api.call('POST', `/v1/clients/${clientId}/keys`, {
      body: { scopes: ['messages:read'], senders: ['800000000000777'] },
    });
    const call = { key: String(narrow.body.key) };
    expect((await api.call('GET', `/v1/messages/${String(body.id)}`, call)).status).toBe(404);
    expect((await api.call('GET', '/v1/messages', call)).body.data).toEqual([]);
  });

  it.each(['01935260-0000-7000-8000-000000000000', 'abc', '1'])('%s is nobody’s', async (id) => {
    expect((await api.call('GET', `/v1/messages/${id}`)).status).toBe(404);
  });
});

describe('the list', () => {
  it('goes backwards page by page', async () => {
    const { key } = await api.aKey();
    const ids: unknown[] = [];
    for (const n of [1, 2, 3, 4, 5]) ids.unshift((await post(key, aSend({ to: `+1555010000${n}` }))).body.id);
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await api.call('GET', `/v1/messages?limit=2${cursor && `&cursor=${cursor}`}`, { key });
      seen.push(...(body.data as { id: string }[]).map(({ id }) => id));
      cursor = body.nextCursor as string | null;
    }
    expect(seen).toEqual(ids);
  });

  it('narrows by every filter', async () => {
    const { key, clientId } = await api.aKey();
    const one = await post(key, aSend({ to: '+1 555 010-0001', tags: ['blue'], clientReference: 'ref/1' }));
    const two = await post(key, aSend({ to: '+15550100002', message: { type: 'image', image: { id: '1' } } }));
    const { prisma } = api.app.get(Database);
    await prisma.message.update({ where: { id: String(two.body.id) }, data: { waRank: 4, deliveredAt: new Date() } });
    const found = async (query: string) =>
      ((await api.call('GET', `/v1/messages?${query}`, { key })).body.data as { id: string }[]).map(({ id }) =>
        id === one.body.id ? 1 : 2,
      );
    const between = encodeURIComponent(String(two.body.createdAt));
    expect({
      to: await found('to=%2B15550100001'),
      toWritten: await found('to=(1)%20555-0100001'),
      from: await found(`from=${SENDER}`),
      otherFrom: await found('from=1'),
      state: await found('state=queued'),
      otherState: await found('state=failed'),
      status: await found('status=delivered'),
      noStatus: await found('status=none'),
      type: await found('type=image'),
      clientReference: await found('clientReference=ref%2F1'),
      otherReference: await found('clientReference=ref'),
      tag: await found('tag=blue'),
      after: await found(`createdAfter=${between}`),
      before: await found(`createdBefore=${between}`),
      both: await found(`tag=blue&type=image`),
    }).toEqual({
      to: [1],
      toWritten: [1],
      from: [2, 1],
      otherFrom: [],
      state: [2, 1],
      otherState: [],
      status: [2],
      noStatus: [1],
      type: [2],
      clientReference: [1],
      otherReference: [],
      tag: [1],
      after: [2],
      before: [1],
      both: [],
    });
    expect(clientId).toBeDefined();
  });
});

it('leaves no token, phone number or text of a body in the log, whatever goes wrong', async () => {
  const { key } = await api.aKey();
  const secrets = aSend({
    to: '+15550100077',
    message: { type: 'text', text: { body: 'canary body' } },
    clientReference: 'canary ref',
    tags: ['canary tag'],
  });
  await post(key, secrets, 'canary-key');
  await post(key, { ...secrets, message: { type: 'canary type' } });
  const database = api.app.get(Database);
  const hide = (from: string, to: string) =>
    database.query({ name: `test-${from}`, sql: `ALTER TABLE ${from} RENAME TO ${to}` }, []);
  await hide('message_content', 'hidden_content');
  const answers = [await post(key, secrets), await api.call('GET', '/v1/messages', { key })];
  await hide('hidden_content', 'message_content');
  expect(answers.map(({ status }) => status)).toEqual([500, 500]);
  expect(answers[0]?.body).toMatchObject({ code: 'internal_error', detail: 'Something went wrong on our side' });
  expect(api.log()).toContain(String(answers[1]?.headers['x-request-id']));
  expect(api.log() + JSON.stringify(answers)).not.toMatch(/canary|15550100077|hk_|hidden|\bat .*:\d+:\d+\\n/);
});
