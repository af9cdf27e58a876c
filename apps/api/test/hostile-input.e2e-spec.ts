import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiApp, aSend, type Call, SENDER, startApi } from './api-app.js';

let api: ApiApp;
let key: string;
beforeAll(async () => {
  api = await startApi();
  ({ key } = await api.aKey({ scopes: ['all'] }));
}, 60_000);
afterAll(() => api.close());

const CLOUD = `/v25.0/${SENDER}/messages`;
const cloud = (overrides: object = {}) => ({
  messaging_product: 'whatsapp',
  to: '+15550100001',
  type: 'text',
  text: { body: 'x' },
  ...overrides,
});
const template = (components: unknown) =>
  cloud({ type: 'template', template: { name: 'a', language: { code: 'en' }, components } });
const status = async (method: 'GET' | 'POST' | 'DELETE', url: string, call: Call = {}) =>
  (await api.call(method, url, { key, ...call })).status;

describe('a body that nobody means', () => {
  it.each<[string, unknown, number]>([
    ['a list', [], 400],
    ['to, a list', cloud({ to: ['+15550100001'] }), 400],
    ['to, an object', cloud({ to: { phone: '+15550100001' } }), 400],
    ['type, a list', cloud({ type: ['text'] }), 400],
    ['type, a name of every object', cloud({ type: 'constructor' }), 400],
    [
      'kind of interactive, a name of every object',
      cloud({ type: 'interactive', interactive: { type: 'toString' } }),
      400,
    ],
    ['components, no list', template({ type: 'body' }), 400],
    ['components that are none', template([null, 7, [], { type: 'body', parameters: [null] }]), 400],
    ['a component, a name of every object', template([{ type: 'toString' }]), 400],
    ['a parameter, a name of every object', template([{ type: 'body', parameters: [{ type: 'constructor' }] }]), 400],
    ['a header, a name of every object', template([{ type: 'header', parameters: [{ type: '__proto__' }] }]), 400],
    ['a template, null', cloud({ type: 'template', template: null }), 400],
    ['a language, a text', cloud({ type: 'template', template: { name: 'a', language: 'en' } }), 400],
    ['callback data, a number', cloud({ biz_opaque_callback_data: 7 }), 400],
    ['context, a list', cloud({ context: [] }), 400],
    ['contacts, a text without an end', cloud({ type: 'contacts', contacts: '['.repeat(20_000) }), 400],
    ['contacts, twenty thousand', cloud({ type: 'contacts', contacts: Array.from({ length: 20_000 }, () => 0) }), 400],
    [
      'a message id without an end',
      { messaging_product: 'whatsapp', status: 'read', message_id: 'w'.repeat(100_000) },
      400,
    ],
    [
      'a message id with a line break',
      { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.a\nb' },
      400,
    ],
    [
      'deep members that nobody knows',
      JSON.stringify(cloud()).replace('{', `{"x":${'[{"a":'.repeat(40)}0${'}]'.repeat(40)},`),
      400,
    ],
  ])('%s', async (_what, body, expected) => expect(await status('POST', CLOUD, { body })).toBe(expected));

  it.each<[string, Call, number]>([
    ['nothing', {}, 422],
    ['no bytes of JSON', { body: '', headers: { 'content-type': 'application/json' } }, 422],
    ['bytes that say no type', { body: '{}', headers: { 'content-type': '' } }, 415],
    ['a type that is none', { body: '{}', headers: { 'content-type': ';;;' } }, 415],
    ['plain text', { body: '{}', headers: { 'content-type': 'text/plain' } }, 415],
    ['UTF-16', { body: Buffer.from(JSON.stringify(aSend()), 'utf16le') }, 400],
    ['a BOM, which is none of the JSON', { body: `\ufeff${JSON.stringify(aSend())}` }, 202],
    ['a name twice: the last counts', { body: JSON.stringify(aSend()).replace('{', '{"to":"nobody",') }, 202],
    ['a number beyond all bounds', { body: '{"to":1e999}' }, 422],
    ['null for everything', { body: { from: null, to: null, message: null } }, 422],
  ])('%s', async (_what, call, expected) => expect(await status('POST', '/v1/messages', call)).toBe(expected));
});

it('a list without an end is refused once, and not item by item', async () => {
  const tags = Array.from({ length: 200_000 }, () => 'x');
  const { body } = await api.call('POST', '/v1/messages', { key, body: aSend({ tags }) });
  expect(body['errors']).toEqual([
    {
      field: 'tags',
      code: 'is_texts',
      message: 'tags must be a list of at most 20 texts of 1 to 64 characters; it is a list of 200000',
    },
  ]);
});

describe('an address that nobody means', () => {
  const wamid = (length: number) => encodeURIComponent(`wamid.${'A'.repeat(length - 8)}==`);

  it('may have wamids of any length that Meta may give', async () => {
    for (const length of [128, 255, 512]) {
      expect(await status('GET', `/v1/messages/${wamid(length)}`)).toBe(404);
      expect(await status('GET', `/v1/inbound-messages/${wamid(length)}`)).toBe(404);
      const body = { from: SENDER };
      expect(await status('POST', `/v1/inbound-messages/${wamid(length)}/read`, { body })).toBe(202);
    }
    expect(await status('GET', `/v1/inbound-messages/${wamid(513)}`)).toBe(422);
  });

  it('is not quoted', async () => {
    const answers = await Promise.all(
      ['/v1/messages/canary%ZZ', `/v1/messages/${'canary'.repeat(1_000)}`, '/v25.0/canary%ZZ'].map((url) =>
        api.call('GET', url, { key }),
      ),
    );
    expect(answers.map(({ status: code }) => code)).toEqual([400, 400, 400]);
    expect(JSON.stringify(answers.map(({ body }) => body)) + api.log()).not.toContain('canary');
  });

  it.each([
    ['GET', '/v25.0/%00', 400],
    ['DELETE', '/v25.0/%00', 400],
    ['POST', '/v25.0/%00/messages', 400],
    ['GET', '/v25.0/900000000000001/message_templates?limit=-1', 400],
    ['GET', `/v25.0/${SENDER}?fields=id&fields=name`, 400],
    ['GET', '/v25.0/900000000000001/message_templates?after=%00%ff&name_or_content=x', 200],
    ['GET', '/v1/media/..%2f..%2fetc%2fpasswd', 404],
    ['DELETE', '/v1/templates/%00', 422],
  ] as const)('%s %s: %i', async (method, url, expected) =>
    expect(await status(method, url, method === 'POST' ? { body: cloud() } : {})).toBe(expected),
  );

  it('is answered as such whatever is done to it', async () => {
    for (const method of ['HEAD', 'OPTIONS', 'PUT', 'PATCH'] as const) {
      const { statusCode } = await api.app.inject({ method, url: CLOUD, headers: { authorization: `Bearer ${key}` } });
      expect([method, statusCode]).toEqual([method, 404]);
    }
  });
});

const LISTS = ['messages', 'inbound-messages', 'conversations', 'templates', 'alerts', 'reports/pricing'];

describe.each(LISTS)('/v1/%s', (list) => {
  it.each([
    'limit=-1',
    'limit=1e9',
    'limit[]=1',
    'limit=1&limit=2',
    'cursor=%00',
    'cursor=-',
    'from=%00',
    'from[a]=1',
    'to=%00',
    'contact=%00',
    'createdAfter=9999-12-31T23:59:60Z',
    'createdAfter=0000-01-01T00:00:00Z',
    'status=constructor',
  ])('?%s is refused', async (query) => expect(await status('GET', `/v1/${list}?${query}`)).toBe(422));
});
