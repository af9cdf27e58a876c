import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { buildSendBody } from './domain/send-request.js';
import { readFixture } from './fixtures/read-fixture.js';
import { GraphClient, type GraphClientOptions } from './graph-client.js';

const ACCEPTED = readFixture('graph', 'success_text.json');
const TOKEN = 'canary-access-token-0123456789';
const NUMBER = '+15550100001';
const BODY_TEXT = 'canary body';

const body = buildSendBody({
  recipient: { kind: 'phone', id: NUMBER.slice(1) },
  message: { type: 'text', text: { body: BODY_TEXT } },
  attemptId: 'a1.01935b2e-7c4a-7f00-8000-0123456789ab.1',
});
const send = { phoneNumberId: '800000000000001', accessToken: TOKEN, body };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function clientOf(baseUrl: string, options: Partial<GraphClientOptions> = {}): GraphClient {
  const client = new GraphClient({ version: 'v25.0', totalTimeoutMs: 2_000, ...options, baseUrl });
  cleanups.push(() => client.close());
  return client;
}

async function listen(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A server that answers as told, and everything that reached it. */
async function setup(answer: RequestListener, options: Partial<GraphClientOptions> = {}) {
  const seen: { method?: string; url?: string; headers: NodeJS.Dict<string | string[]>; text: string }[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, text: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  });
  server.on('connection', () => connections++);
  const port = await listen(server);
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { client: clientOf(`http://127.0.0.1:${port}`, options), port, seen, connectionCount: () => connections };
}

/** A TCP server that does as told with each connection; counts the requests that reached it. */
async function setupTcp(reply: (socket: import('node:net').Socket) => void, options: Partial<GraphClientOptions> = {}) {
  let requests = 0;
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (chunk.toString().startsWith('POST')) requests++;
      reply(socket);
    });
  });
  const port = await listen(server);
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return { client: clientOf(`http://127.0.0.1:${port}`, options), port, requestCount: () => requests };
}

describe('a send', () => {
  it('reaches Graph as Meta wants it and comes back accepted', async () => {
    const { client, seen } = await setup((_request, response) => response.end(ACCEPTED));
    expect(await client.send(send)).toMatchObject({
      kind: 'accepted',
      wamid: expect.stringMatching(/^wamid\./),
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v25.0/800000000000001/messages' });
    expect(seen[0]!.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' });
    expect(JSON.parse(seen[0]!.text)).toEqual(body);
  });

  it('goes to the marketing messages API, below a base path', async () => {
    const { port, seen } = await setup((_request, response) => response.end(ACCEPTED));
    const client = clientOf(`http://127.0.0.1:${port}/graph/`);
    await client.send({ ...send, api: 'marketing_messages' });
    expect(seen[0]!.url).toBe('/graph/v25.0/800000000000001/marketing_messages');
  });

  it('uses its connection again', async () => {
    const { client, connectionCount } = await setup((_request, response) => response.end(ACCEPTED));
    for (let n = 0; n < 5; n++) expect(await client.send(send)).toMatchObject({ kind: 'accepted' });
    expect(connectionCount()).toBeLessThanOrEqual(2);
  });

  it('is read when the answer comes in pieces, a character torn', async () => {
    const text = Buffer.from(ACCEPTED.replace('"messages"', '"note": "é", "messages"'));
    const cut = text.indexOf(0xc3) + 1;
    const { client } = await setup((_request, response) => {
      response.write(text.subarray(0, cut));
      setTimeout(() => response.end(text.subarray(cut)), 20);
    });
    expect(await client.send(send)).toMatchObject({ kind: 'accepted' });
  });
});

/** A whole second, as HTTP tells time. */
const A_MINUTE_AGO = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;

describe('an answer', () => {
  it.each<[string, number, string, NodeJS.Dict<string>, object]>([
    ['500 JSON', 500, readFixture('graph', 'error_131000.json'), {}, { kind: 'rejected_retryable', code: 131000 }],
    ['500 HTML', 500, '<html>', {}, { kind: 'uncertain', http2xx: false, httpStatus: 500 }],
    ['429', 429, '', { 'retry-after': '7' }, { kind: 'throttled', scope: 'app', retryAfterMs: 7_000 }],
    [
      '190',
      401,
      readFixture('graph', 'error_190.json'),
      {},
      { kind: 'throttled', action: 'PAUSE', scope: 'access_token' },
    ],
    ['100', 400, readFixture('graph', 'error_100.json'), {}, { kind: 'rejected_permanent', code: 100 }],
    [
      'a refusal, by another clock',
      400,
      readFixture('graph', 'error_100.json'),
      { date: new Date(A_MINUTE_AGO).toUTCString() },
      { kind: 'rejected_permanent', answeredAt: new Date(A_MINUTE_AGO) },
    ],
    ['200 garbage', 200, '}{', {}, { kind: 'uncertain', http2xx: true, httpStatus: 200 }],
    ['200 empty', 200, '', {}, { kind: 'uncertain', http2xx: true }],
    ['redirect', 307, '', { location: '/elsewhere' }, { kind: 'uncertain', http2xx: false, httpStatus: 307 }],
  ])('%s', async (_name, status, text, headers, expected) => {
    const { client, seen } = await setup((_request, response) => response.writeHead(status, headers).end(text));
    expect(await client.send(send)).toMatchObject(expected);
    expect(seen).toHaveLength(1);
  });

  it('after an early hint is the answer', async () => {
    const { client } = await setupTcp((socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n');
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(ACCEPTED)}\r\n\r\n${ACCEPTED}`);
    });
    expect(await client.send(send)).toMatchObject({ kind: 'accepted', httpStatus: 200 });
  });

  it.each([
    ['cut by its length', 'content-length: 1000', ACCEPTED],
    ['cut between chunks', 'transfer-encoding: chunked', '5\r\n{"mes\r\n'],
  ])('%s is evidence of acceptance and nothing more', async (_name, header, start) => {
    const { client, requestCount } = await setupTcp((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\n${header}\r\n\r\n${start}`),
    );
    expect(await client.send(send)).toMatchObject({
      kind: 'uncertain',
      http2xx: true,
      httpStatus: 200,
      reason: 'answer_cut',
    });
    expect(requestCount()).toBe(1);
  });

  it('without end is cut off', async () => {
    const { client } = await setup((_request, response) => void response.end('x'.repeat(5_000)), {
      maxAnswerBytes: 4_096,
    });
    expect(await client.send(send)).toMatchObject({ kind: 'uncertain', http2xx: true, reason: 'answer_cut' });
  });

  it('whose body never ends is cut off by the clock', async () => {
    const { client } = await setup((_request, response) => void response.write('{'), { totalTimeoutMs: 150 });
    expect(await client.send(send)).toMatchObject({ kind: 'uncertain', http2xx: true, reason: 'answer_cut' });
  });
});

describe('written, and no answer', () => {
  it('closed after the write: uncertain, and written once', async () => {
    const { client, requestCount } = await setupTcp((socket) => socket.destroy());
    expect(await client.send(send)).toMatchObject({ kind: 'uncertain', http2xx: false, reason: 'UND_ERR_SOCKET' });
    expect(requestCount()).toBe(1);
  });

  it('reset after the write: uncertain, and written once', async () => {
    const { client, requestCount } = await setupTcp((socket) => socket.resetAndDestroy());
    expect(await client.send(send)).toMatchObject({ kind: 'uncertain', http2xx: false, reason: 'ECONNRESET' });
    expect(requestCount()).toBe(1);
  });

  it('closed on a connection that worked before: uncertain, and written once', async () => {
    let answers = 0;
    const { client, requestCount } = await setupTcp((socket) => {
      if (answers++ > 0) socket.destroy();
      else socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(ACCEPTED)}\r\n\r\n${ACCEPTED}`);
    });
    expect(await client.send(send)).toMatchObject({ kind: 'accepted' });
    expect(await client.send(send)).toMatchObject({ kind: 'uncertain', http2xx: false });
    expect(requestCount()).toBe(2);
  });

  it.each([
    ['not HTTP', 'SMTP ready\r\n'],
    ['100 Continue', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ])('%s: uncertain', async (_name, reply) => {
    const { client } = await setupTcp((socket) => socket.end(reply));
    expect(await client.send(send)).toMatchObject({ kind: 'uncertain', http2xx: false });
  });

  it('silence: uncertain when the time is up', async () => {
    const { client, seen } = await setup(() => undefined, { totalTimeoutMs: 150 });
    expect(await client.send(send)).toEqual({ kind: 'uncertain', http2xx: false, reason: 'ANSWER_TIMEOUT' });
    expect(seen).toHaveLength(1);
  });
});

describe('certainly not written', () => {
  it('refused', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await clientOf(`http://127.0.0.1:${port}`).send(send)).toEqual({ kind: 'not_sent', reason: 'ECONNREFUSED' });
  });

  it('no such host', async () => {
    const outcome = await clientOf('http://graph.herald.invalid').send(send);
    expect(outcome).toMatchObject({
      kind: 'not_sent',
      reason: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    });
  });

  it('TLS to a server that does not speak it', async () => {
    const { port, seen } = await setup((_request, response) => response.end(ACCEPTED));
    expect(await clientOf(`https://127.0.0.1:${port}`).send(send)).toMatchObject({ kind: 'not_sent' });
    expect(seen).toHaveLength(0);
  });

  it('closed during the TLS handshake', async () => {
    const { port } = await setupTcp((socket) => socket.resetAndDestroy());
    expect(await clientOf(`https://127.0.0.1:${port}`).send(send)).toMatchObject({
      kind: 'not_sent',
      reason: 'ECONNRESET',
    });
  });

  it('a handshake that does not end', async () => {
    const { port } = await setupTcp(() => undefined);
    const client = clientOf(`https://127.0.0.1:${port}`, { connectTimeoutMs: 150 });
    expect(await client.send(send)).toEqual({ kind: 'not_sent', reason: 'UND_ERR_CONNECT_TIMEOUT' });
  });

  it('waiting for a connection for too long', async () => {
    let answer = () => undefined as void;
    const { client, seen } = await setup(
      (_request, response) => {
        if (seen.length > 1) response.end(ACCEPTED);
        else answer = () => void response.end(ACCEPTED);
      },
      { connections: 1, queueTimeoutMs: 1_000 },
    );
    const first = client.send(send);
    expect(await client.send(send)).toMatchObject({ kind: 'not_sent', reason: 'QUEUE_TIMEOUT' });
    answer();
    expect(await first).toMatchObject({ kind: 'accepted' });
    expect(await client.send(send)).toMatchObject({ kind: 'accepted' });
    expect(seen).toHaveLength(2);
  });

  it('past the write guard, also with a connection at hand', async () => {
    const { client, seen } = await setup((_request, response) => response.end(ACCEPTED));
    await client.send(send);
    const late = { ...send, writeByMs: performance.now() - 1 };
    expect(await client.send(late)).toMatchObject({ kind: 'not_sent' });
    expect(await client.send(late)).toMatchObject({ kind: 'not_sent' });
    expect(seen).toHaveLength(1);
  });

  it('a process that slept between claim and write', async () => {
    const { client, seen } = await setup((_request, response) => response.end(ACCEPTED));
    const writeByMs = performance.now() + 50;
    const outcome = client.send({ ...send, writeByMs });
    while (performance.now() <= writeByMs) continue;
    expect(await outcome).toMatchObject({ kind: 'not_sent' });
    expect(seen).toHaveLength(0);
  });

  it('a closed client', async () => {
    const { client, seen } = await setup((_request, response) => response.end(ACCEPTED));
    await client.close();
    cleanups.splice(cleanups.length - 1);
    expect(await client.send(send)).toEqual({ kind: 'not_sent', reason: 'UND_ERR_DESTROYED' });
    expect(seen).toHaveLength(0);
  });
});

describe('not built', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  it.each([
    ['a body that is no JSON', { body: circular }],
    ['a bigint', { body: { n: 1n } }],
    ['a path in the phone number id', { phoneNumberId: '1/../2' }],
    ['no phone number id', { phoneNumberId: '' }],
    ['no token', { accessToken: '' }],
    ['a line break in the token', { accessToken: 'a\r\nx: y' }],
  ])('%s', async (_name, change) => {
    const { client, seen } = await setup((_request, response) => response.end(ACCEPTED));
    expect(await client.send({ ...send, ...change })).toMatchObject({
      kind: 'rejected_permanent',
      code: 'internal_build_error',
    });
    expect(seen).toHaveLength(0);
  });
});

it('never repeats token, number or text in an outcome of its own', async () => {
  const echo = `{"error":{"code":190,"message":"Malformed access token ${TOKEN}"}}`;
  const { client } = await setup((_request, response) => response.writeHead(401).end(echo));
  const { client: broken } = await setupTcp((socket) => socket.destroy());
  const text = JSON.stringify([await client.send(send), await broken.send(send)]);
  for (const secret of [TOKEN, NUMBER.slice(1), BODY_TEXT]) expect(text).not.toContain(secret);
});

it('writes each request once under load and disorder', async () => {
  const { client, seen } = await setup(
    (request, response) => {
      if (seen.length % 3 === 0) request.socket.destroy();
      else response.end(ACCEPTED);
    },
    { connections: 5 },
  );
  const names = [...Array(60).keys()].map(String);
  const outcomes = await Promise.all(names.map((name) => client.send({ ...send, body: { name } })));
  const arrived = seen.map(({ text }) => (JSON.parse(text) as { name: string }).name);
  expect(new Set(arrived).size).toBe(arrived.length);
  expect(arrived).toHaveLength(names.length);
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted', 'uncertain']));
});
