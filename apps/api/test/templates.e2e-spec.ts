import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiApp, aSend, SENDER, startApi } from './api-app.js';

const WABA = '900000000000001';
interface Row {
  id: string;
  name: string;
  language: string;
  status: string;
  category: string;
  components: object[];
}
const aRow = (overrides: Partial<Row> = {}): Row => ({
  id: '401',
  name: 'order_ready',
  language: 'en_US',
  status: 'APPROVED',
  category: 'UTILITY',
  components: [{ type: 'BODY', text: 'Order {{1}} is ready.' }],
  ...overrides,
});

/** A Graph that has templates, and what was asked of it. */
let graph: Server;
let rows: Row[];
let asked: string[];
let isDown: boolean;
let api: ApiApp;
let key: string;
beforeAll(async () => {
  graph = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '' } = request;
      const { pathname, searchParams } = new URL(url, 'http://x');
      asked.push(`${method} ${pathname}`);
      const reply = (status: number, body: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (isDown) return reply(503, {});
      const body = (chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {}) as Partial<Row>;
      if (method === 'GET') return reply(200, { data: rows });
      if (method === 'DELETE') rows = rows.filter(({ id }) => id !== searchParams.get('hsm_id'));
      else if (body.name === 'bad')
        return reply(400, { error: { code: 2388040, error_user_msg: 'The name is taken' } });
      else if (pathname.endsWith('message_templates')) rows.push(aRow({ ...body, id: '402', status: 'PENDING' }));
      else rows = rows.map((row) => (pathname.endsWith(row.id) ? { ...row, ...body, status: 'PENDING' } : row));
      return reply(200, { success: true, id: '402', status: 'PENDING', category: 'UTILITY' });
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => graph.once('listening', resolve));
  api = await startApi({ GRAPH_API_BASE_URL: `http://127.0.0.1:${(graph.address() as AddressInfo).port}` });
  ({ key } = await api.aKey({ scopes: ['templates', 'messages:write', 'messages:read'] }));
}, 60_000);
afterAll(async () => {
  await api.close();
  graph.closeAllConnections();
  graph.close();
});
beforeEach(() => {
  rows = [aRow()];
  asked = [];
  isDown = false;
});

const sync = () => api.call('POST', '/v1/templates/sync', { key, body: { from: SENDER } });
const list = (query = '') => api.call('GET', `/v1/templates${query}`, { key });
const namesOf = ({ body }: { body: Record<string, unknown> }) =>
  (body['data'] as Row[]).map(({ name, language }) => `${name} ${language}`);
const send = (texts: string[], name = 'order_ready') =>
  api.call('POST', '/v1/messages', { key, body: aSend({ message: aTemplate(texts, name) }) });
const aTemplate = (texts: string[], name = 'order_ready') => ({
  type: 'template',
  template: {
    name,
    language: { code: 'en_US' },
    components: [{ type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) }],
  },
});

describe('templates', () => {
  it('are read, listed and looked at', async () => {
    rows = [aRow(), aRow({ id: '403', language: 'de', status: 'PAUSED' })];
    expect(await sync()).toMatchObject({ status: 200, body: { count: 2 } });
    expect(namesOf(await list())).toEqual(['order_ready de', 'order_ready en_US']);
    expect(namesOf(await list('?status=PAUSED&language=de&name=order_ready&category=UTILITY'))).toEqual([
      'order_ready de',
    ]);
    expect(namesOf(await list(`?from=${SENDER}&category=MARKETING`))).toEqual([]);
    expect((await api.call('GET', '/v1/templates/401', { key })).body).toMatchObject({ ...aRow(), wabaId: WABA });
    expect(await api.call('GET', '/v1/templates/999', { key })).toMatchObject({
      status: 404,
      body: { code: 'unknown_template' },
    });
  });

  it('are created, edited and deleted at Meta', async () => {
    const template = {
      name: 'new_one',
      language: 'en_US',
      category: 'UTILITY',
      components: [{ type: 'BODY', text: 'Hi' }],
    };
    expect(await api.call('POST', '/v1/templates', { key, body: { from: SENDER, template } })).toMatchObject({
      status: 201,
      body: { id: '402', name: 'new_one', status: 'PENDING', components: template.components },
    });
    const components = [{ type: 'BODY', text: 'Hello' }];
    expect(await api.call('PATCH', '/v1/templates/402', { key, body: { template: { components } } })).toMatchObject({
      status: 200,
      body: { id: '402', components },
    });
    expect((await api.call('DELETE', '/v1/templates/402', { key })).status).toBe(204);
    expect(namesOf(await list())).toEqual(['order_ready en_US']);
    expect(asked.filter((line) => !line.startsWith('GET'))).toEqual([
      `POST /v25.0/${WABA}/message_templates`,
      'POST /v25.0/402',
      `DELETE /v25.0/${WABA}/message_templates`,
    ]);
    const bad = { ...template, name: 'bad' };
    expect(await api.call('POST', '/v1/templates', { key, body: { from: SENDER, template: bad } })).toMatchObject({
      status: 422,
      body: { code: 'template_refused', detail: 'Meta refused it (2388040): The name is taken' },
    });
  });

  it('beyond Meta’s limits are refused before Meta is asked', async () => {
    await sync();
    asked = [];
    const components = [{ type: 'BODY', text: 'x'.repeat(1_025) }];
    const template = { name: 'new_one', language: 'en_US', category: 'UTILITY', components };
    const refusal = {
      status: 422,
      body: {
        code: 'validation_failed',
        errors: [
          {
            field: 'template.components[0].text',
            message:
              'template.components[0].text must be a text of 1 to 1024 characters; it is a text of 1025 characters',
          },
        ],
      },
    };
    expect(await api.call('POST', '/v1/templates', { key, body: { from: SENDER, template } })).toMatchObject(refusal);
    expect(await api.call('PATCH', '/v1/templates/401', { key, body: { template: { components } } })).toMatchObject(
      refusal,
    );
    expect(asked).toEqual([]);
  });

  it('stay as they are while Meta is down, and whoever changes them is told', async () => {
    await sync();
    isDown = true;
    expect(await sync()).toMatchObject({ status: 503, body: { code: 'graph_unavailable' } });
    expect(await api.call('DELETE', '/v1/templates/401', { key })).toMatchObject({ status: 503 });
    expect(namesOf(await list())).toEqual(['order_ready en_US']);
  });

  it('of other accounts are as if they were not there', async () => {
    await sync();
    const { key: narrow } = await api.aKey({ scopes: ['templates', 'messages:read'], senders: ['800000000000002'] });
    const asNarrow = (method: 'GET' | 'POST' | 'DELETE', url: string, body?: object) =>
      api.call(method, url, { key: narrow, body });
    expect((await asNarrow('GET', '/v1/templates')).body).toEqual({ data: [] });
    expect((await asNarrow('GET', '/v1/templates/401')).status).toBe(404);
    expect((await asNarrow('DELETE', '/v1/templates/401')).status).toBe(404);
    expect((await asNarrow('POST', '/v1/templates/sync', { from: SENDER })).status).toBe(403);
    expect((await asNarrow('GET', `/v25.0/${WABA}/message_templates`)).body).toMatchObject({ error: { code: 33 } });
  });

  it('are listed on the drop-in API in Meta’s shape, page by page', async () => {
    rows = ['a', 'b', 'c'].map((name, index) => aRow({ name, id: String(410 + index) }));
    await sync();
    const page = (query: string) => api.call('GET', `/v25.0/${WABA}/message_templates?${query}`, { key });
    const first = await page('limit=2&fields=name,status');
    expect(first.body).toMatchObject({ data: [{ name: 'a', status: 'APPROVED', id: '410' }, { name: 'b' }] });
    expect((first.body['data'] as object[])[0]).not.toHaveProperty('components');
    const { cursors, next } = first.body['paging'] as { cursors: { after: string }; next: string };
    const second = await page(`limit=2&after=${cursors.after}&summary=total_count`);
    expect((second.body['data'] as Row[]).map(({ name }) => name)).toEqual(['c']);
    expect(second.body['paging']).not.toHaveProperty('next');
    const { pathname, search } = new URL(next);
    expect((await api.call('GET', pathname + search, { key })).body['data']).toMatchObject([{ name: 'c', id: '412' }]);
    expect((await page('status=PAUSED')).body).toEqual({ data: [] });
  });
});

describe('a message with a template', () => {
  it('is checked against what Meta approved, and the parameter is named', async () => {
    expect(await send(['4711'])).toMatchObject({ status: 202 });
    const refused = await send(['4711', 'too many']);
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'template_parameter_count',
        errors: [
          { field: 'message.template.components[0].parameters', message: expect.stringContaining('1 is too many') },
        ],
      },
    });
    const cloud = await api.call('POST', `/v25.0/${SENDER}/messages`, {
      key,
      body: { messaging_product: 'whatsapp', to: '+15550100001', ...aTemplate([]) },
    });
    expect(cloud).toMatchObject({
      status: 400,
      body: {
        error: {
          code: 132000,
          error_data: { details: expect.stringMatching(/^template\.components\[0\]\.parameters must be/) },
        },
      },
    });
  });

  it('or with a fallback that does not fit, is refused', async () => {
    const body = aSend({ windowFallback: aTemplate([], 'order_ready') });
    expect(await api.call('POST', '/v1/messages', { key, body })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'windowFallback.template.components[0].parameters' }] },
    });
  });

  it.each([
    ['unknown', 'nobody_knows', 'template_not_found', 404, 132001],
    ['paused', 'paused_one', 'template_paused', 400, 132015],
    ['disabled', 'disabled_one', 'template_disabled', 400, 132016],
    ['pending', 'pending_one', 'template_not_approved', 404, 132001],
  ])('that is %s is refused at both doors', async (status, name, code, httpStatus, graphCode) => {
    rows = [aRow({ name, status: status.toUpperCase() })].filter(() => status !== 'unknown');
    expect(await send(['1'], name)).toMatchObject({ status: 422, body: { code } });
    const cloud = await api.call('POST', `/v25.0/${SENDER}/messages`, {
      key,
      body: { messaging_product: 'whatsapp', to: '+15550100001', ...aTemplate(['1'], name) },
    });
    expect(cloud).toMatchObject({ status: httpStatus, body: { error: { code: graphCode } } });
  });

  it.each([
    ['UTILITY', 202],
    ['AUTHENTICATION', 422],
  ])('of the category %s with a parcel’s number in body and button: %i', async (category, status) => {
    const button = { type: 'URL', text: 'Track', url: 'https://example.com/{{1}}' };
    const name = `parcel_${category.toLowerCase()}`;
    rows = [
      aRow({
        name,
        category,
        components: [
          { type: 'BODY', text: 'Parcel {{1}}' },
          { type: 'BUTTONS', buttons: [button] },
        ],
      }),
    ];
    const parameters = [{ type: 'text', text: '00340434292135100186' }];
    const message = aTemplate([], name);
    message.template.components = [
      { type: 'body', parameters },
      { type: 'button', sub_type: 'url', index: '0', parameters },
    ] as never;
    expect(await api.call('POST', '/v1/messages', { key, body: aSend({ message }) })).toMatchObject({ status });
    const body = { messaging_product: 'whatsapp', to: '+15550100001', ...message };
    expect(await api.call('POST', `/v25.0/${SENDER}/messages`, { key, body })).toMatchObject({
      status: status === 202 ? 200 : 400,
    });
  });

  it('in a bulk request is refused alone', async () => {
    const messages = [aSend({ message: aTemplate(['1']) }), aSend({ message: aTemplate([]) }), aSend()];
    const { body } = await api.call('POST', '/v1/messages/bulk', { key, body: { messages } });
    expect(body).toMatchObject({
      results: [
        { id: expect.any(String) },
        { error: { code: 'template_parameter_count' } },
        { id: expect.any(String) },
      ],
    });
  });
});
