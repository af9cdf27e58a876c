import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, spawnProcess } from '#testing';
import { aText, HeraldApi, type Problem } from './world/herald-api.js';
import { announceBody, call } from './world/http.js';
import { SENDERS } from './world/senders.js';
import { aNotification, aStatus, postWebhook } from './world/webhook.js';
import { APP_SECRET, HERALD, World } from './world/world.js';

const TO = '+15550100101';
const [MINE = '', NOT_MINE = ''] = SENDERS;

describe('bad input is refused by name', () => {
  let world: World;
  const keys = new Map<string, string | null>();
  beforeAll(async () => {
    world = await World.start({ senders: 2 });
    const { id } = await world.api.create<{ id: string }>('/v1/clients', { name: 'shop' });
    const aKey = async (scopes: string[], senders: 'all' | string[]) =>
      (await world.api.create<{ key: string }>(`/v1/clients/${id}/keys`, { scopes, senders })).key;
    keys
      .set('no key', null)
      .set('a wrong key', 'hk_this-key-was-never-made-by-anyone')
      .set('a key that may only read', await aKey(['messages:read'], 'all'))
      .set('a key for one sender', await aKey(['messages:write'], [MINE]));
  });
  afterAll(() => world.stop());

  it.each([
    ['no key', aText(TO), 401, 'unauthenticated'],
    ['a wrong key', aText(TO), 401, 'invalid_api_key'],
    ['a key that may only read', aText(TO), 403, 'scope_missing'],
    ['a key for one sender', aText(TO, { from: NOT_MINE }), 403, 'sender_not_allowed'],
    ['a key for one sender', aText(TO, { from: MINE }), 202, undefined],
  ])('%s', async (name, body, status, code) => {
    const answer = await new HeraldApi(world.api.url, keys.get(name) ?? null).call<Problem>('POST', '/v1/messages', {
      body,
    });
    expect({ status: answer.status, code: answer.json.code }).toEqual({ status, code });
    if (code !== undefined) expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it.each<[string, object | string, number, string, string?]>([
    ['an unknown sender', aText(TO, { from: '899999999999999' }), 422, 'unknown_sender'],
    [
      'an unknown type',
      aText(TO, { message: { type: 'hologram', hologram: {} } }),
      422,
      'validation_failed',
      'message.type',
    ],
    ['a missing object', aText(TO, { message: { type: 'text' } }), 422, 'validation_failed', 'message.text'],
    ['no recipient', { from: MINE, message: aText(TO).message }, 422, 'validation_failed', 'to'],
    ['a recipient that is none', aText('nobody'), 422, 'validation_failed', 'to'],
    ['an unknown field', aText(TO, { colour: 'red' }), 422, 'validation_failed', 'colour'],
    ['malformed JSON', '{"from":', 400, 'malformed_json'],
    ['a list', '[]', 422, 'body_not_object'],
    [
      'a NUL',
      aText(TO, { message: { type: 'text', text: { body: 'a\u0000b' } } }),
      422,
      'invalid_text',
      'message.text.body',
    ],
    ['a schedule in the past', aText(TO, { expiresAt: '2020-01-01T00:00:00Z' }), 422, 'invalid_schedule', 'expiresAt'],
  ])('%s', async (_case, body, status, code, field = '') => {
    const answer = await world.api.call<Problem>('POST', '/v1/messages', { body });
    expect(answer).toMatchObject({ status, json: { code, status } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    if (field !== '') expect(answer.json.errors?.map((error) => error.field)).toContain(field);
  });

  it('a body over the limit', async () => {
    const headers = { authorization: `Bearer ${world.api.key ?? ''}` };
    const answer = await announceBody<Problem>(`${world.api.url}/v1/messages`, 2 * 1024 * 1024, headers);
    expect(answer).toMatchObject({ status: 413, json: { code: 'body_too_large', status: 413 } });
  });

  it('nothing of all this was stored or sent', async () => {
    // The one that was allowed, and no other.
    await eventually(async () => expect(await world.simulator.log()).toHaveLength(1));
    expect(await world.query('SELECT * FROM message')).toHaveLength(1);
    expect(await world.query('SELECT * FROM message_content')).toHaveLength(1);
    await world.simulator.idle();
  });

  describe('of a webhook', () => {
    const url = () => world.urlOf('webhooks');
    const inbox = async () => (await world.query('SELECT id FROM inbox')).length;

    it.each([
      ['another secret', () => postWebhook(url(), aNotification({ statuses: [] }), 'not-the-secret'), 401],
      [
        'no signature',
        () => call('POST', `${url()}/webhooks/whatsapp`, { body: aNotification({ statuses: [] }) }),
        401,
      ],
      ['more than 4 MiB', () => announceBody(`${url()}/webhooks/whatsapp`, 4 * 1024 * 1024 + 1), 413],
    ])('%s: refused, and nothing is stored', async (_case, post, status) => {
      const before = await inbox();
      expect((await post()).status).toBe(status);
      expect(await inbox()).toBe(before);
    });

    it.each([
      [
        'an unknown field',
        {
          object: 'whatsapp_business_account',
          entry: [{ id: '1', changes: [{ field: 'of_the_future', value: { a: 1 } }] }],
        },
      ],
      [
        'an unknown type',
        aNotification({
          messages: [
            { from: '15550100101', id: 'wamid.future', timestamp: '1700000000', type: 'hologram', hologram: {} },
          ],
        }),
      ],
      ['an unknown status', aNotification({ statuses: [aStatus('wamid.nobody', 'pondered')] })],
      ['another object', { object: 'instagram', entry: [{ id: '1' }] }],
      [
        'numbers beyond all bounds',
        aNotification({
          statuses: [aStatus('wamid.big', 'failed', { timestamp: '9'.repeat(40), errors: [{ code: 1e30 }] })],
        }),
      ],
      [
        'a NUL',
        `{"object":"whatsapp_business_account","entry":[{"id":"\\u0000","changes":[{"field":"messages","value":{"statuses":[{"id":"\\u0000"}]}}]}]}`,
      ],
      ['no JSON', 'hello'],
    ])('%s: 200, stored, and in nobody’s way', async (_case, body) => {
      const before = await inbox();
      expect((await postWebhook(url(), body, APP_SECRET)).status).toBe(200);
      expect(await inbox()).toBe(before + 1);
      await eventually(async () => expect(await world.query('SELECT * FROM inbox_work')).toEqual([]));
      expect(await world.query('SELECT * FROM inbox_dead_item')).toEqual([]);
    });

    it('3 MB, as Meta may send', async () => {
      const statuses = Array.from({ length: 10_000 }, (_, index) =>
        aStatus(`wamid.many-${index}`, 'sent', { padding: 'x'.repeat(200) }),
      );
      expect((await postWebhook(url(), aNotification({ statuses }), APP_SECRET)).status).toBe(200);
      await eventually(async () => expect(await world.query('SELECT * FROM inbox_work')).toEqual([]), {
        timeoutMs: 30_000,
      });
    });
  });

  it.each(HERALD)('%s does not start on a wrong environment, and says one line a value', async (name) => {
    const broken = { ...world.env, META_APP_SECRET: 'short', GRAPH_API_VERSION: 'latest', SEND_LEASE_MS: '-1' };
    const started = await spawnProcess(name, broken, { readyPath: null });
    expect(await started.exited).toMatchObject({ code: 1 });
    const lines = started.output().trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.map((line) => line.split(' ')[0]).toSorted()).toEqual([
      'GRAPH_API_VERSION',
      'META_APP_SECRET',
      'SEND_LEASE_MS',
    ]);
  });

  it('a worker does not start on times that would let two send one message', async () => {
    const started = await spawnProcess('worker', { ...world.env, SEND_LEASE_MS: '9599' }, { readyPath: null });
    expect(await started.exited).toMatchObject({ code: 1 });
    expect(started.output().trim()).toMatch(/^SEND_LEASE_MS must be at least 9600/);
  });
});
