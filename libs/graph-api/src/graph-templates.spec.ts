import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFixture } from './fixtures/read-fixture.js';
import { GraphTemplates } from './graph-templates.js';

/** What was asked, and what the next requests get. */
const asked: { method: string; url: URL; token: string; body: unknown }[] = [];
let answers: [number, unknown][] = [];
let server: Server;
let graph: GraphTemplates;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? null : JSON.parse(Buffer.concat(chunks).toString());
}

beforeAll(async () => {
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { method = '', url = '', headers } = request;
      asked.push({ method, url: new URL(url, 'http://x'), token: headers.authorization ?? '', body });
      const [status, answer] = answers.shift() ?? [200, {}];
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  graph = new GraphTemplates({ baseUrl, version: 'v25.0', totalTimeoutMs: 5_000 });
});
afterAll(async () => {
  await graph.close();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
  answers = [];
});

const recorded = JSON.parse(readFixture('graph', 'template_list.json')) as { data: object[]; paging: object };
const page = (after: string | null, ...data: object[]) => ({
  data,
  paging: { cursors: { before: 'b', after: after ?? 'end' }, ...(after === null ? {} : { next: 'https://next' }) },
});
const row = (name: string, more: object = {}) => ({ ...recorded.data[0], name, ...more });

describe('templates at Meta', () => {
  it('are read as Meta documents them', async () => {
    answers = [[200, recorded]];
    expect(await graph.list('900', 'EAAtoken')).toEqual({
      kind: 'done',
      value: [
        {
          id: '400000000000001',
          name: 'order_shipped',
          language: 'en_US',
          status: 'APPROVED',
          category: 'UTILITY',
          parameterFormat: 'POSITIONAL',
          components: [expect.objectContaining({ type: 'BODY' }), { type: 'FOOTER', text: 'Example Shop' }],
          quality: null,
          rejectedReason: null,
          ttlSeconds: null,
        },
      ],
    });
    expect(asked).toMatchObject([{ method: 'GET', token: 'Bearer EAAtoken' }]);
    expect(asked[0]?.url.pathname).toBe('/v25.0/900/message_templates');
  });

  it('are read page by page, and what is no template is left out', async () => {
    const more = { quality_score: { score: 'RED' }, parameter_format: 'NAMED', message_send_ttl_seconds: 60, id: 7 };
    answers = [
      [200, page('one', row('a'), { id: '1' })],
      [200, page(null, row('b', more))],
    ];
    const { value } = (await graph.list('900', 't')) as { value: object[] };
    expect(value).toMatchObject([
      { name: 'a' },
      { name: 'b', id: '7', quality: 'RED', parameterFormat: 'NAMED', ttlSeconds: 60 },
    ]);
    expect(asked.map(({ url }) => url.searchParams.get('after'))).toEqual([null, 'one']);
  });

  it('are not read for ever when the cursor stays', async () => {
    answers = [1, 2, 3, 4].map(() => [200, page('same', row('a'))]);
    await graph.list('900', 't');
    expect(asked).toHaveLength(2);
  });

  it('of one name are those of just that name', async () => {
    answers = [[200, page(null, row('order'), row('order_2'))]];
    expect(await graph.list('900', 't', 'order')).toMatchObject({ value: [{ name: 'order' }] });
    expect(asked[0]?.url.searchParams.get('name')).toBe('order');
  });

  it('are created, edited and deleted', async () => {
    answers = [
      [200, JSON.parse(readFixture('graph', 'template_create.json'))],
      [200, { success: true }],
      [200, { success: true }],
    ];
    expect(await graph.create('900', 't', { name: 'a' })).toEqual({
      kind: 'done',
      value: { id: '400000000000001', status: 'PENDING', category: 'UTILITY' },
    });
    expect(await graph.edit('400', 't', { category: 'X' })).toEqual({ kind: 'done', value: true });
    expect(await graph.delete('900', 't', { id: '400', name: 'a' })).toEqual({ kind: 'done', value: true });
    expect(asked.map(({ method, url, body }) => [method, url.pathname + url.search, body])).toEqual([
      ['POST', '/v25.0/900/message_templates', { name: 'a' }],
      ['POST', '/v25.0/400', { category: 'X' }],
      ['DELETE', '/v25.0/900/message_templates?hsm_id=400&name=a', null],
    ]);
  });

  it.each<[string, number, unknown, object]>([
    [
      'refused',
      400,
      { error: { code: 100, message: 'no EAAtoken' } },
      { kind: 'refused', code: 100, details: 'no [hidden]' },
    ],
    ['down', 500, { error: { code: 2, message: 'x' } }, { kind: 'retry', reason: 'code_2' }],
    ['throttled', 429, {}, { kind: 'retry', reason: 'http_429' }],
    ['passing', 400, { error: { code: 4, is_transient: true } }, { kind: 'retry', reason: 'code_4' }],
    ['garbage', 200, [], { kind: 'retry' }],
    ['another shape', 200, {}, { kind: 'retry', reason: 'no_template_list' }],
  ])('that are not read say why: %s', async (_what, status, answer, result) => {
    answers = [[status, answer]];
    expect(await graph.list('900', 'EAAtoken')).toMatchObject(result);
  });
});
