import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#persistence';
import { aMessage } from '#testing';
import { type ApiApp, startApi } from './api-app.js';

let api: ApiApp;
/** A Graph with one template, which takes whatever is asked of it. */
const TEMPLATE_ID = '400000000000001';
const graph = createServer((request, response) => {
  const template = { id: TEMPLATE_ID, name: 'order_ready', language: 'en_US', status: 'APPROVED', category: 'UTILITY' };
  // Asked for one by name it says nothing: what is sent is not checked.
  const isByName = request.url?.includes('name=') === true;
  const answer = isByName ? { error: { code: 33 } } : { ...template, data: [{ ...template, components: [] }] };
  request.resume().on('end', () => response.writeHead(isByName ? 400 : 200).end(JSON.stringify(answer)));
});
beforeAll(async () => {
  await new Promise<void>((resolve) => graph.listen(0, '127.0.0.1', resolve));
  api = await startApi({ GRAPH_API_BASE_URL: `http://127.0.0.1:${(graph.address() as AddressInfo).port}` });
}, 60_000);
afterAll(async () => {
  await api.close();
  graph.closeAllConnections();
  graph.close();
});

/** Routes that take something in for later. */
const ACCEPTING = /^\/v1\/(messages(\/bulk)?|inbound-messages\/.*)$/;

/** Routes that make nothing new. */
const OK = /\/redrive$|\/sync$|^PATCH /;

interface Operation {
  summary?: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { examples?: Record<string, { value: unknown }> }> };
  responses: Record<string, unknown>;
}

/** The described operations, as method, path and description. */
async function operations(): Promise<[string, string, Operation][]> {
  const { body } = await api.call('GET', '/docs-json', { key: null });
  return Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, string, Operation] => [
      method.toUpperCase(),
      path,
      operation,
    ]),
  );
}

describe('the description of the API', () => {
  it('is there for people, and its page may run what it needs', async () => {
    const page = await api.app.inject('/docs');
    expect(page.statusCode).toBe(200);
    expect(page.payload).toContain('Herald API');
    // The page's own rules forbid scripts inside it.
    expect(page.payload).not.toMatch(/<script>|<script [^>]*>\s*[^<\s]/);
    const files = [...page.payload.matchAll(/(?:src|href)="([^"#]+)"/g)].map(
      ([, address]) => new URL(String(address), 'http://x/docs').pathname,
    );
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect([file, (await api.app.inject(file)).statusCode]).toEqual([file, 200]);
  });

  it('has every route of /v1, each with a summary, an answer and its problems', async () => {
    const described = (await operations()).filter(([, path]) => path.startsWith('/v1/'));
    expect(described).toHaveLength(52);
    for (const [method, path, { summary, responses }] of described) {
      expect([method, path, summary]).toEqual([method, path, expect.any(String)]);
      expect(Object.keys(responses)).toEqual(
        expect.arrayContaining([expect.stringMatching(/^2/), '401', '403', '503']),
      );
    }
  });

  it('has examples that work, for every body', async () => {
    const client = await api.call('POST', '/v1/clients', { body: { name: 'examples' } });
    const clients = (await api.call('GET', '/v1/clients')).body.data as { id: string; name: string }[];
    const adminId = clients.find(({ name }) => name === 'admin')?.id;
    const withBody = (await operations()).filter(
      // A form with a file has no example that a page could send.
      ([, , { requestBody }]) => requestBody !== undefined && !('multipart/form-data' in requestBody.content),
    );
    expect(withBody.map(([method, path]) => `${method} ${path}`).sort()).toEqual([
      'PATCH /v1/templates/{id}',
      'POST /v1/clients',
      'POST /v1/clients/{clientId}/keys',
      'POST /v1/inbound-messages/{wamid}/read',
      'POST /v1/messages',
      'POST /v1/messages/bulk',
      'POST /v1/messages/redrive',
      'POST /v1/messages/{id}/redrive',
      'POST /v1/rate-cards',
      'POST /v1/senders',
      'POST /v1/templates',
      'POST /v1/templates/sync',
    ]);
    for (const [method, path, { requestBody }] of withBody) {
      const examples = Object.entries(requestBody?.content['application/json']?.examples ?? {});
      expect([path, examples.length]).not.toEqual([path, 0]);
      for (const [name, { value }] of examples) {
        const { id } = await aMessage(api.app.get(Database), { clientId: String(adminId), state: 'failed' });
        const named = path.startsWith('/v1/templates') ? TEMPLATE_ID : id;
        const address = path.replace('{clientId}', String(client.body.id)).replace('{id}', named);
        const answer = await api.call(method, address, { body: value });
        expect([path, name, answer.status, answer.body.errors]).toEqual([
          path,
          name,
          ACCEPTING.test(path) ? 202 : OK.test(`${method} ${path}`) ? 200 : 201,
          undefined,
        ]);
      }
    }
  });
});
