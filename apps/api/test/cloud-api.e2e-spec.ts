import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { heraldWamid } from '#messages';
import { Database } from '#persistence';
import { aMessage } from '#testing';
import { type Answer, type ApiApp, SENDER, startApi } from './api-app.js';

let api: ApiApp;
let key: string;
beforeAll(async () => {
  // Nobody listens there: files are kept, and uploaded later.
  api = await startApi({ GRAPH_API_BASE_URL: 'http://127.0.0.1:1' });
  ({ key } = await api.aKey({ scopes: ['messages:write', 'messages:read', 'media'] }));
}, 60_000);
afterAll(() => api.close());

const text = (overrides: object = {}) => ({
  messaging_product: 'whatsapp',
  to: '+15550100001',
  type: 'text',
  text: { body: 'Your table is ready' },
  ...overrides,
});
const send = (body: unknown, { version = 'v25.0', from = SENDER, as = key, headers = {} } = {}) =>
  api.call('POST', `/${version}/${from}/messages`, { key: as, body, headers });
const errorOf = ({ body }: { body: Record<string, unknown> }) =>
  body['error'] as { message: string; type: string; code: number; error_data: { details: string }; fbtrace_id: string };
const idOf = ({ body }: { body: Record<string, unknown> }) => (body['messages'] as [{ id: string }])[0].id;
const stored = async (wamid: string) =>
  (await api.call('GET', `/v1/messages/${encodeURIComponent(wamid)}`, { key })).body;

describe('the drop-in API', () => {
  it('takes a message as Meta does, and answers as Meta does', async () => {
    const answer = await send(text());
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      messaging_product: 'whatsapp',
      contacts: [{ input: '+15550100001', wa_id: '15550100001' }],
      messages: [{ id: expect.stringMatching(/^wamid\./) }],
    });
    const message = await stored(idOf(answer));
    expect(message).toMatchObject({
      state: 'queued',
      from: SENDER,
      to: '+15550100001',
      windowPolicy: 'trust_meta',
      message: { type: 'text', text: { body: 'Your table is ready' } },
    });
    expect(heraldWamid(String(message['id']))).toBe(idOf(answer));
    expect(await stored(String(message['id']))).toEqual(message);
  });

  it('gives the caller its own callback data back, which does not go out', async () => {
    const data = '😀'.repeat(256);
    const message = await stored(idOf(await send(text({ biz_opaque_callback_data: data }))));
    expect(message).toMatchObject({ clientCallbackData: data, message: { type: 'text' } });
    expect(message['message']).not.toHaveProperty('biz_opaque_callback_data');
  });

  it('is known to Meta by a wamid, by which it is found, too', async () => {
    const { key: own, clientId } = await api.aKey();
    const attempts = [{ state: 'accepted', wamid: 'wamid.of+Meta/1=' }];
    const { id } = await aMessage(api.app.get(Database), { clientId, state: 'accepted', attempts });
    const asked = (as: string) =>
      api.call('GET', `/v1/messages/${encodeURIComponent('wamid.of+Meta/1=')}`, { key: as });
    expect((await asked(own)).body['id']).toBe(id);
    expect((await asked(key)).body['code']).toBe('message_not_found');
  });

  it.each(['v13.0', 'v25.0', 'v99.0'])('speaks %s', async (version) => {
    expect((await send(text(), { version })).status).toBe(200);
  });

  it.each(['v12.0', 'v100.0', 'v25.1', 'v2'])('does not speak %s', async (version) => {
    expect((await send(text(), { version })).status).toBe(404);
  });

  it('takes forms, and members that came as JSON texts', async () => {
    const form = new URLSearchParams({
      messaging_product: 'whatsapp',
      to: '15550100001',
      text: JSON.stringify({ body: 'a & b', preview_url: false }),
      context: '{"message_id":"wamid.theirs"}',
    }).toString();
    const answer = await send(form, { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(answer.body).toMatchObject({ contacts: [{ input: '15550100001', wa_id: '15550100001' }] });
    expect((await stored(idOf(answer)))['message']).toEqual({
      type: 'text',
      text: { body: 'a & b', preview_url: false },
      context: { message_id: 'wamid.theirs' },
    });
    const contacts = JSON.stringify([{ name: { formatted_name: 'Sam', first_name: 'Sam' } }]);
    const kept = await send(text({ type: 'contacts', text: undefined, contacts }));
    expect((await stored(idOf(kept)))['message']).toEqual({ type: 'contacts', contacts });
    const v1 = await api.call('POST', '/v1/messages', {
      key,
      body: form,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(v1.body['code']).toBe('unsupported_media_type');
  });

  const MULTIPART = { 'content-type': 'multipart/form-data; boundary=b' };
  const parts = (fields: Record<string, string>) =>
    `${Object.entries(fields)
      .map(([name, value]) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
      .join('')}--b--\r\n`;
  const FIELDS = { messaging_product: 'whatsapp', to: '15550100001', text: '{"body":"a & b"}' };

  it('takes forms in parts, as curl -F sends them', async () => {
    const answer = await send(parts(FIELDS), { headers: MULTIPART });
    expect((await stored(idOf(answer)))['message']).toEqual({ type: 'text', text: { body: 'a & b' } });
    const receipt = { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.parts' };
    expect((await send(parts(receipt), { headers: MULTIPART })).body).toEqual({ success: true });
  });

  it.each([
    ['cut short', parts(FIELDS).slice(0, -8), MULTIPART, 400, /no whole multipart form/],
    ['without a boundary', parts(FIELDS), { 'content-type': 'multipart/form-data' }, 400, /no whole multipart form/],
    ['over the limit', parts({ ...FIELDS, x: 'x'.repeat(1_048_576) }), MULTIPART, 413, /at most 1048576 bytes/],
    ['with a NUL', parts({ ...FIELDS, text: '{"body":"\\u0000"}' }), MULTIPART, 400, /^text\.body must not/],
    [
      'with a file',
      parts(FIELDS).replace('name="text"', 'name="text"; filename="a"'),
      MULTIPART,
      400,
      /has no file in its form/,
    ],
  ])('takes no form in parts %s', async (_what, body, headers, status, details) => {
    const answer = await send(body, { headers });
    expect(answer.status).toBe(status);
    expect(errorOf(answer)).toMatchObject({
      code: expect.any(Number),
      error_data: { details: expect.stringMatching(details) },
    });
  });

  it.each([
    ['a phone number before a user id', { recipient: 'US.13491208655302741918' }, { wa_id: '15550100001' }],
    ['a user id', { to: undefined, recipient: 'US.13491208655302741918' }, { user_id: 'US.13491208655302741918' }],
    ['a group', { to: 'Z3JvdXA', recipient_type: 'group' }, { input: 'Z3JvdXA' }],
  ])('sends to %s', async (_whom, overrides, contact) => {
    const { status, body } = await send(text(overrides));
    expect([status, body['contacts']]).toEqual([200, [expect.objectContaining(contact)]]);
  });

  it('takes null for nothing, as clients write it that have a member for everything', async () => {
    const nothing = {
      recipient: null,
      recipient_type: null,
      context: null,
      status: null,
      biz_opaque_callback_data: null,
    };
    expect(await send(text(nothing))).toMatchObject({ status: 200, body: { contacts: [{ wa_id: '15550100001' }] } });
    const byUserId = await send(text({ ...nothing, to: null, type: null, recipient: 'US.13491208655302741918' }));
    expect(byUserId.body).toMatchObject({ contacts: [{ user_id: 'US.13491208655302741918' }] });
    expect(await stored(idOf(byUserId))).toMatchObject({ type: 'text', clientCallbackData: null });
    const receipt = {
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: 'wamid.nulls',
      typing_indicator: null,
    };
    expect((await send(receipt)).body).toEqual({ success: true });
    expect(
      await api.app.get(Database).prisma.readReceipt.findUnique({ where: { wamid: 'wamid.nulls' } }),
    ).toMatchObject({ wantsTyping: false });
  });

  it('keeps what only our headers can say', async () => {
    const headers = {
      'idempotency-key': 'cloud-1',
      'herald-priority': 'urgent',
      'herald-delivery-policy': 'at_most_once',
      'herald-expires-at': new Date(Date.now() + 3_600_000).toISOString(),
    };
    const first = await send(text(), { headers });
    const again = await send(text(), { headers });
    expect([again.body, again.headers['idempotent-replayed']]).toEqual([first.body, 'true']);
    expect(await stored(idOf(first))).toMatchObject({
      priority: 'urgent',
      deliveryPolicy: 'at_most_once',
      expiresAt: headers['herald-expires-at'],
    });
    expect(errorOf(await send(text(), { headers: { 'herald-priority': 'now' } }))).toMatchObject({
      code: 100,
      error_data: { details: expect.stringContaining('Herald-Priority must be one of') },
    });
  });

  it('takes an Idempotency-Key as a name of one request to one sender, in any version', async () => {
    const phoneNumberId = '800000000000003';
    await api.call('POST', '/v1/senders', { body: { phoneNumberId, wabaId: '900000000000001', accessToken: 'EAAG' } });
    const headers = { 'idempotency-key': 'one-sender' };
    const first = await send(text(), { headers });
    expect((await send(text(), { headers, version: 'v13.0' })).body).toEqual(first.body);
    expect(errorOf(await send(text(), { headers, from: phoneNumberId }))).toMatchObject({
      code: 100,
      error_data: { details: expect.stringContaining('Idempotency-Key') },
    });
  });

  it('keeps read receipts, also of messages that never came here', async () => {
    const wamid = 'wamid.never-came';
    const receipt = {
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: wamid,
      typing_indicator: { type: 'text' },
    };
    expect(await send(receipt)).toMatchObject({ status: 200, body: { success: true } });
    expect(await api.app.get(Database).prisma.readReceipt.findUnique({ where: { wamid } })).toMatchObject({
      phoneNumberId: SENDER,
      wantsTyping: true,
      state: 'pending',
    });
    expect(errorOf(await send({ ...receipt, message_id: '' }))).toMatchObject({
      code: 100,
      error_data: {
        details: expect.stringMatching(/^message_id must be the id of a message .*; it is an empty text$/),
      },
    });
  });

  it('knows phone numbers', async () => {
    const read = (query = '', id = SENDER) => api.call('GET', `/v25.0/${id}${query}`, { key });
    expect(await read()).toMatchObject({ status: 200, body: { id: SENDER, platform_type: 'CLOUD_API' } });
    expect((await read('?fields=id,display_phone_number')).body).not.toHaveProperty('platform_type');
    expect((await read('?fields=id&appsecret_proof=x&metadata=1')).body).toEqual({ id: SENDER });
    expect(errorOf(await read('', '800000000000009'))).toMatchObject({ code: 33, type: 'GraphMethodException' });
  });

  it('takes, shows, hands out and deletes files', async () => {
    const form = `--b\r\ncontent-disposition: form-data; name="messaging_product"\r\n\r\nwhatsapp\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\ncontent-type: image/png\r\n\r\nbytes\r\n--b--\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const uploaded = await api.call('POST', `/v25.0/${SENDER}/media`, { key, body: form, headers });
    expect(uploaded).toMatchObject({ status: 200, body: { id: expect.any(String) } });
    const id = String(uploaded.body['id']);
    const node = (await api.call('GET', `/v25.0/${id}`, { key })).body;
    expect(node).toMatchObject({ messaging_product: 'whatsapp', mime_type: 'image/png', file_size: '5', id });
    const bytes = await api.app.inject({
      url: new URL(String(node['url'])).pathname,
      headers: { authorization: `Bearer ${key}` },
    });
    expect(bytes.payload).toBe('bytes');
    const textKey = (await api.aKey()).key;
    expect(await api.call('GET', `/v25.0/${id}`, { key: textKey })).toMatchObject({ status: 403 });
    expect((await api.call('DELETE', `/v25.0/${id}`, { key })).body).toEqual({ success: true });
    expect(errorOf(await api.call('GET', `/v25.0/${id}`, { key }))).toMatchObject({ code: 33 });
    const empty = form.replace('bytes', '');
    expect(errorOf(await api.call('POST', `/v25.0/${SENDER}/media`, { key, body: empty, headers }))).toMatchObject({
      code: 100,
      error_data: { details: expect.stringContaining('empty') },
    });
  });
});

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

describe('an error of the drop-in API has Meta’s shape', () => {
  it.each<[string, () => Promise<Answer>, number, number, string, RegExp]>([
    ['a bad token', () => send(text(), { as: 'hk_nobody-has-this-key-0000' }), 401, 190, 'OAuthException', /not valid/],
    [
      'a token in the address',
      () => api.call('POST', `/v25.0/${SENDER}/messages?access_token=x`, { key: null, body: text() }),
      401,
      190,
      'OAuthException',
      /header/,
    ],
    ['a token in the body', () => send(text({ access_token: 'x' })), 401, 190, 'OAuthException', /header/],
    ['an unknown sender', () => send(text(), { from: '800000000000009' }), 400, 33, 'GraphMethodException', /sender/],
    [
      'no product',
      () => send(text({ messaging_product: undefined })),
      400,
      131008,
      'OAuthException',
      /^messaging_product must be whatsapp; it is missing$/,
    ],
    [
      'another product',
      () => send(text({ messaging_product: 'sms' })),
      400,
      100,
      'OAuthException',
      /^messaging_product must be/,
    ],
    ['no recipient', () => send(text({ to: undefined })), 400, 131008, 'OAuthException', /^to must be a phone number/],
    [
      'no group',
      () => send(text({ to: undefined, recipient_type: 'group' })),
      400,
      131008,
      'OAuthException',
      /^to must be .* it is missing$/,
    ],
    [
      'a group that is none',
      () => send(text({ to: 7, recipient_type: 'group' })),
      400,
      100,
      'OAuthException',
      /^to must be .* it is a number$/,
    ],
    ['no number', () => send(text({ to: 'Sam' })), 400, 100, 'OAuthException', /^to must be a phone number/],
    [
      'another kind of recipient',
      () => send(text({ recipient_type: 'crowd' })),
      400,
      100,
      'OAuthException',
      /^recipient_type must be/,
    ],
    ['an unknown type', () => send(text({ type: 'smoke' })), 400, 100, 'OAuthException', /^type must be one of/],
    [
      'a value inside that cannot be',
      () => send(text({ text: { body: 'x'.repeat(4_097) } })),
      400,
      131009,
      'OAuthException',
      /^text\.body must be a text of 1 to 4096 characters; it is a text of 4097/,
    ],
    [
      'a long code',
      () => send(text(otp('x'.repeat(16)))),
      400,
      131009,
      'OAuthException',
      /^template\.components\[0\]\.parameters\[0\]\.text must be a code of at most 15 characters/,
    ],
    ['a text that is no JSON', () => send(text({ text: '{' })), 400, 100, 'OAuthException', /^text must be/],
    [
      'text that cannot be stored',
      () => send(text({ text: '{"body":"\\u0000"}' })),
      400,
      131009,
      'OAuthException',
      /^text\.body/,
    ],
    [
      'a body over the limit',
      () => send(text({ text: { body: 'x'.repeat(1_048_576) } })),
      413,
      100,
      'OAuthException',
      /^The body may have at most 1048576 bytes; it has 1048/,
    ],
    [
      'a body that is too deep',
      () => send(`{"text":${'['.repeat(32)}${']'.repeat(32)}}`),
      400,
      100,
      'OAuthException',
      /at most 32 levels/,
    ],
    [
      'a member that is too deep in its JSON text',
      () => send(text({ text: '['.repeat(33) + ']'.repeat(33) })),
      400,
      100,
      'OAuthException',
      /at most 32 levels/,
    ],
    [
      'an id that is no id at all',
      () => api.call('POST', '/v25.0/%ZZ/messages', { key, body: text() }),
      400,
      100,
      'OAuthException',
      /^The address cannot be read/,
    ],
    [
      'an object of no kind',
      () => api.call('GET', '/v25.0/not-an-id', { key }),
      400,
      33,
      'GraphMethodException',
      /file/,
    ],
    [
      'an account of nobody',
      () => api.call('GET', '/v25.0/not-an-id/message_templates', { key }),
      400,
      33,
      'GraphMethodException',
      /template/,
    ],
    [
      'files for nobody',
      () =>
        api.call('POST', '/v25.0/not-an-id/media', {
          key,
          body: '--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\ncontent-type: text/plain\r\n\r\nx\r\n--b--\r\n',
          headers: { 'content-type': 'multipart/form-data; boundary=b' },
        }),
      400,
      33,
      'GraphMethodException',
      /sender/,
    ],
    ['no JSON', () => send('{'), 400, 100, 'OAuthException', /not valid JSON/],
    [
      'an address that is none',
      () => api.call('GET', `/v25.0/${SENDER}/nonsense/x`, { key }),
      404,
      2500,
      'OAuthException',
      /nothing here/,
    ],
    [
      'a plain template as marketing',
      () => api.call('POST', `/v25.0/${SENDER}/marketing_messages`, { key, body: text() }),
      400,
      100,
      'OAuthException',
      /^api must be messages/,
    ],
  ])('%s', async (_what, ask, status, code, type, details) => {
    const answer = await ask();
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/json']);
    expect(errorOf(answer)).toEqual({
      message: expect.stringContaining(`(#${code})`),
      type,
      code,
      error_data: { messaging_product: 'whatsapp', details: expect.stringMatching(details) },
      fbtrace_id: expect.any(String),
    });
  });

  it('a key without the scope', async () => {
    const { key: reader } = await api.aKey({ scopes: ['messages:read'] });
    expect(errorOf(await send(text(), { as: reader }))).toMatchObject({ code: 10 });
  });

  it('and a key for other senders learns nothing of this one', async () => {
    const { key: narrow } = await api.aKey({ senders: ['800000000000002'] });
    expect(errorOf(await send(text(), { as: narrow }))).toMatchObject({ code: 33 });
  });
});
