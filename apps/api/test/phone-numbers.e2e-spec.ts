import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFixture } from '#graph-api';
import { type ApiApp, SENDER, startApi } from './api-app.js';

const NODE = JSON.parse(readFixture('graph', 'phone_number_get.json')) as Record<string, unknown>;

/** A Graph that has one number, and what it was asked. */
let graph: Server;
let asked: URL[] = [];
let isDown = false;
let api: ApiApp;
let key: string;
beforeAll(async () => {
  graph = createServer(({ url = '' }, response) => {
    asked.push(new URL(url, 'http://graph'));
    response
      .writeHead(isDown ? 503 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(isDown ? {} : NODE));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => graph.once('listening', resolve));
  api = await startApi({ GRAPH_API_BASE_URL: `http://127.0.0.1:${(graph.address() as AddressInfo).port}` });
  ({ key } = await api.aKey());
}, 60_000);
afterAll(async () => {
  await api.close();
  graph.closeAllConnections();
  graph.close();
});
const show = async (query = '', as = key) => {
  asked = [];
  return api.call('GET', `/v25.0/${SENDER}${query}`, { key: as });
};

describe('a phone number on the drop-in API', () => {
  it('is shown as Meta has it', async () => {
    expect(await show()).toMatchObject({ status: 200, body: NODE });
    expect(asked.map(({ pathname }) => pathname)).toEqual([`/v25.0/${SENDER}`]);
    expect(asked[0]?.searchParams.get('fields')).toContain('quality_rating');
  });

  it('asks Meta for what was asked for, and for nothing that is not for everybody', async () => {
    await show('?fields=throughput, status,certificate,messages{text},verified_name');
    expect(asked[0]?.searchParams.get('fields')).toBe('id,verified_name,status,throughput');
  });

  it('is shown as Herald knows it while Meta does not answer', async () => {
    isDown = true;
    expect((await show()).body).toEqual({ id: SENDER, platform_type: 'CLOUD_API' });
    expect((await show('?fields=verified_name')).body).toEqual({ id: SENDER });
    isDown = false;
  });

  it('is not asked for by a key of other senders', async () => {
    const { key: narrow } = await api.aKey({ senders: ['800000000000002'], scopes: ['messages:read', 'media'] });
    expect(await show('', narrow)).toMatchObject({ status: 400, body: { error: { code: 33 } } });
    expect(asked).toEqual([]);
  });
});
