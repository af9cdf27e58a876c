import { type AddressInfo, connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { ADMIN_KEY, type ApiApp, aSend, startApi } from './api-app.js';

let api: ApiApp;
beforeAll(async () => (api = await startApi()), 60_000);
afterAll(() => api.close());

const A_TEMPLATE = { type: 'template', template: { name: 'sale', language: { code: 'en' } } };
const A_REACTION = { type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍' } };
const A_PIN = { type: 'pin', pin: { type: 'pin', message_id: 'wamid.x', expiration_days: 7 } };

const otp = (code: string) => ({
  type: 'template',
  template: {
    name: 'login_code',
    language: { code: 'en' },
    components: [
      { type: 'body', parameters: [{ type: 'text', text: code }] },
      { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: code }] },
    ],
  },
});

const post = (body: unknown, headers = {}) => api.call('POST', '/v1/messages', { body, headers });
const fields = (body: Record<string, unknown>) => (body.errors as { field: string }[]).map(({ field }) => field);

describe('who asks', () => {
  it.each([
    ['no key', null, 401, 'unauthenticated'],
    ['a wrong key', 'hk_this-key-was-never-made-by-us', 401, 'invalid_api_key'],
    ['something that is no key', 'EAAG-a-token-of-meta', 401, 'invalid_api_key'],
  ])('%s', async (_case, key, status, code) => {
    const answer = await api.call('POST', '/v1/messages', { key, body: aSend() });
    expect(answer).toMatchObject({ status, body: { code, status } });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });

  it('refuses keys in the address, whatever else comes', async () => {
    const { key } = await api.aKey();
    expect(await api.call('GET', `/v1/messages?access_token=${key}`)).toMatchObject({
      status: 401,
      body: { code: 'key_in_query' },
    });
  });
});

describe('what cannot be read', () => {
  it.each([
    ['cut JSON', '{"from":', 400, 'malformed_json'],
    ['no JSON', 'hello', 400, 'malformed_json'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, 'malformed_json'],
    ['a list', '[]', 422, 'body_not_object'],
    ['a text', '"hello"', 422, 'body_not_object'],
    ['null', 'null', 422, 'body_not_object'],
    ['33 levels', `{"message":${'['.repeat(32)}${']'.repeat(32)}}`, 400, 'body_too_deep'],
    ['half a million levels', '['.repeat(500_000) + ']'.repeat(500_000), 400, 'body_too_deep'],
    ['__proto__, which is dropped', '{"message":{"__proto__":{"type":"text"}}}', 422, 'validation_failed'],
    ['constructor', '{"constructor":{"name":"x"}}', 400, 'forbidden_key'],
    ['over a MiB', JSON.stringify(aSend({ tags: ['x'.repeat(1024 * 1024)] })), 413, 'body_too_large'],
  ])('%s', async (_case, body, status, code) => {
    expect(await post(body)).toMatchObject({ status, body: { code, status } });
  });

  it('names the limit of a body that is too large, and its size', async () => {
    const body = JSON.stringify(aSend({ tags: ['x'.repeat(1024 * 1024)] }));
    expect((await post(body)).body).toMatchObject({
      detail: `The body may have at most ${1024 * 1024} bytes; it has ${Buffer.byteLength(body)}`,
    });
  });

  it('reads a body that is too large on, so that its caller sees the answer; but not for long', async () => {
    await api.app.listen(0, '127.0.0.1');
    const { port } = api.app.getHttpServer().address() as AddressInfo;
    const head = `POST /v1/messages HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ADMIN_KEY}\r\ncontent-type: application/json\r\n`;
    const send = async (rest: string) => {
      const socket = connect(port, '127.0.0.1').setEncoding('utf8');
      let answer = '';
      socket.on('data', (text: string) => (answer += text));
      socket.write(`${head}content-length: ${2 * 1024 * 1024}\r\n\r\n`);
      await setTimeout(100);
      expect(answer).toBe('');
      socket.write(rest);
      await eventually(() => expect(answer).toMatch(/^HTTP\/1.1 413 .*body_too_large/s));
      socket.destroy();
    };
    await send('x'.repeat(2 * 1024 * 1024));
    await send('x'); // and no more
  });

  it('takes JSON only', async () => {
    const answer = await post('from=1', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  });

  it.each([
    ['GET', '/v1/nothing', 404, 'not_found'],
    ['PUT', '/v1/messages', 404, 'not_found'],
    ['GET', '/v1/%ZZ', 400, 'bad_request'],
    ['GET', '/v1/messages/%00', 404, 'message_not_found'],
    ['GET', '/v1/senders/%00', 422, 'unstorable_value'],
    ['GET', '/v1/messages?tag=%00', 422, 'validation_failed'],
  ] as const)('%s %s: %i', async (method, url, status, code) => {
    const answer = await api.call(method, url);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });
});

describe('fields of a send', () => {
  it.each([
    ['nothing', () => ({}), ['from', 'to', 'message']],
    ['from, a number', () => aSend({ from: 800000000000001 }), ['from']],
    ['to, too short', () => aSend({ to: '123456' }), ['to']],
    ['to, too long', () => aSend({ to: '+1234567890123456' }), ['to']],
    ['to, letters', () => aSend({ to: '+1555CALLNOW' }), ['to']],
    ['to, a number', () => aSend({ to: 15550100001 }), ['to']],
    ['message, a text', () => aSend({ message: 'hello' }), ['message']],
    ['message, a list', () => aSend({ message: [] }), ['message']],
    ['an unknown type', () => aSend({ message: { type: 'hologram', hologram: {} } }), ['message.type']],
    ['no type', () => aSend({ message: { text: { body: 'x' } } }), ['message.type']],
    ['a missing object', () => aSend({ message: { type: 'text' } }), ['message.text']],
    ['an object of another shape', () => aSend({ message: { type: 'text', text: 'hello' } }), ['message.text']],
    ['contacts, no list', () => aSend({ message: { type: 'contacts', contacts: {} } }), ['message.contacts']],
    [
      'a large message',
      () => aSend({ message: { type: 'text', text: { body: 'x'.repeat(145 * 1024) } } }),
      ['message'],
    ],
    ['an unknown field', () => aSend({ colour: 'red' }), ['colour']],
    [
      'a long code',
      () => aSend({ message: otp('x'.repeat(16)) }),
      ['message.template.components[0].parameters[0].text'],
    ],
    ['priority', () => aSend({ priority: 'now' }), ['priority']],
    ['deliveryPolicy', () => aSend({ deliveryPolicy: 'exactly_once' }), ['deliveryPolicy']],
    ['category', () => aSend({ category: 'SERVICE' }), ['category']],
    ['sendAt without a zone', () => aSend({ sendAt: '2026-11-22T12:00:00' }), ['sendAt']],
    ['sendAt on a day that is none', () => aSend({ sendAt: '2027-02-30T12:00:00Z' }), ['sendAt']],
    ['expiresAt, a number', () => aSend({ expiresAt: 1700000000 }), ['expiresAt']],
    ['windowPolicy', () => aSend({ windowPolicy: 'ignore' }), ['windowPolicy']],
    [
      'windowFallback, no template',
      () => aSend({ windowFallback: { type: 'text', text: {} } }),
      ['windowFallback.type'],
    ],
    ['clientReference, long', () => aSend({ clientReference: 'x'.repeat(256) }), ['clientReference']],
    ['clientReference, empty', () => aSend({ clientReference: '' }), ['clientReference']],
    ['clientReference, a tab', () => aSend({ clientReference: 'a\tb' }), ['clientReference']],
    ['tags, a text', () => aSend({ tags: 'order' }), ['tags']],
    ['tags, too many', () => aSend({ tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }), ['tags']],
    ['a tag, too long', () => aSend({ tags: ['x'.repeat(65)] }), ['tags']],
    ['a tag, no text', () => aSend({ tags: [7] }), ['tags']],
    ['a tag, empty', () => aSend({ tags: [''] }), ['tags']],
  ])('%s', async (_case, body, expected) => {
    const answer = await post(body());
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed', title: expect.any(String) } });
    expect(fields(answer.body).filter((field, i, all) => all.indexOf(field) === i)).toEqual(expected);
  });

  it.each([
    ['a NUL', '{"message":{"type":"text","text":{"body":"a\\u0000b"}}}', 'message.text.body'],
    ['half a surrogate pair', '{"message":{"type":"text","text":{"body":"\\ud83d"}}}', 'message.text.body'],
    ['half a surrogate pair in a tag', '{"tags":["\\ude00"]}', 'tags[0]'],
  ])('%s: 422 with the field', async (_case, body, field) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_text' } });
    expect(fields(answer.body)).toEqual([field]);
  });

  it.each([[{ userId: 'me' }], [{ userId: 'US.1', groupId: 'g1' }], [{ groupId: 7 }], [{ groupId: 'a b' }], [{}]])(
    'to %j: 422',
    async (to) => {
      expect(await post(aSend({ to }))).toMatchObject({
        status: 422,
        body: { code: 'validation_failed', errors: [{ field: 'to', code: 'is_recipient' }] },
      });
    },
  );

  it.each([
    ['a text', {}],
    ['a template of another category', { message: A_TEMPLATE, category: 'utility' }],
    ['a template to a group', { message: A_TEMPLATE, to: { groupId: 'g1' } }],
  ])('the Marketing Messages API has no place for %s', async (_case, overrides) => {
    expect(await post(aSend({ api: 'marketing_messages', ...overrides }))).toMatchObject({
      status: 422,
      body: { code: 'validation_failed', errors: [{ field: 'api', code: 'marketing_templates_only' }] },
    });
  });

  it.each([
    ['a reaction to a group', { to: { groupId: 'g1' }, message: A_REACTION }, 'message.type'],
    ['a pin for a person', { to: { userId: 'US.1' }, message: A_PIN }, 'message.type'],
    [
      'a code to a user id',
      { to: { userId: 'US.1' }, message: A_TEMPLATE, category: 'authentication' },
      'message.template',
    ],
  ])('%s: 422', async (_case, overrides, field) => {
    const answer = await post(aSend(overrides));
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
    expect(fields(answer.body)).toEqual([field]);
  });

  it.each([
    ['in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    ['before sendAt', { sendAt: '2999-01-02T00:00:00Z', expiresAt: '2999-01-01T00:00:00Z' }, 'sendAt'],
  ])('a schedule %s: 422', async (_case, schedule, field) => {
    const answer = await post(aSend(schedule));
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_schedule' } });
    expect(fields(answer.body)).toEqual([field]);
  });

  it('names the limit and what came, and never the value', async () => {
    const { body } = await post(
      aSend({ clientReference: `canary ${'x'.repeat(300)}`, 'canary member': 1, priority: 'canary' }),
    );
    const said = JSON.stringify(body);
    expect(said).toContain('255');
    expect(said).toContain('a text of 307 characters');
    expect(said).not.toContain('canary');
  });
});

describe('the sender', () => {
  it('that nobody knows: 422', async () => {
    expect(await post(aSend({ from: '800000000000999' }))).toMatchObject({
      status: 422,
      body: { code: 'unknown_sender' },
    });
  });
});

describe('the Idempotency-Key', () => {
  it.each(['', ' ', 'two words', 'ümlaut', 'x'.repeat(256)])('%j: 422', async (key) => {
    expect(await post(aSend(), { 'idempotency-key': key })).toMatchObject({
      status: 422,
      body: { code: 'invalid_idempotency_key' },
    });
  });

  it('takes 255 characters', async () => {
    expect((await post(aSend(), { 'idempotency-key': '~'.repeat(255) })).status).toBe(202);
  });
});

describe('lists', () => {
  it.each([
    'limit=0',
    'limit=101',
    'limit=ten',
    'state=done',
    'state=queued&state=failed',
    'status=gone',
    'to=12',
    'createdAfter=yesterday',
    'colour=red',
  ])('?%s: 422', async (query) =>
    expect(await api.call('GET', `/v1/messages?${query}`)).toMatchObject({
      status: 422,
      body: { code: 'validation_failed' },
    }),
  );

  it('refuses a cursor that is none', async () =>
    expect(await api.call('GET', '/v1/messages?cursor=abc')).toMatchObject({
      status: 422,
      body: { code: 'invalid_cursor' },
    }));
});

it('tells no secret of a refused sender', async () => {
  const body = { phoneNumberId: '1', wabaId: '2', accessToken: 'canary with a space' };
  const answer = await api.call('POST', '/v1/senders', { body });
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.body) + api.log()).not.toContain('canary');
});

it('gives every answer an id and security headers', async () => {
  const { headers, body } = await api.call('GET', '/v1/nothing');
  expect(body.instance).toBe(`urn:uuid:${String(headers['x-request-id'])}`);
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  expect(headers['content-security-policy']).toContain("default-src 'none'");
});
