import { createHash, randomBytes } from 'node:crypto';
import { createServer, request, type Server } from 'node:http';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '#persistence';
import { eventually } from '#testing';
import { ADMIN_KEY, type ApiApp, SENDER, startApi } from './api-app.js';

/** A Graph that knows of files what a test needs; what it was asked, in order. */
let graph: Server;
let asked: string[] = [];
let answerUpload: { status: number; body: object } | null = null;
let lastMetaId = 700;
let folder: string;
let api: ApiApp;
beforeAll(async () => {
  graph = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      asked.push(`${incoming.method} ${incoming.url} ${Buffer.concat(chunks).length}`);
      const upload = incoming.method === 'POST';
      const { status, body } = (upload ? answerUpload : null) ?? {
        status: 200,
        body: upload ? { id: String((lastMetaId += 1)) } : { success: true },
      };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => graph.listen(0, '127.0.0.1', resolve));
  folder = await mkdtemp(join(tmpdir(), 'herald-media-'));
  api = await startApi({
    GRAPH_API_BASE_URL: `http://127.0.0.1:${(graph.address() as AddressInfo).port}`,
    MEDIA_DIR: folder,
  });
}, 60_000);
afterAll(async () => {
  await api.close();
  graph.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  asked = [];
  answerUpload = null;
  await api.app.get(Database).prisma.mediaAsset.deleteMany();
  await rm(folder, { recursive: true, force: true });
});

interface Part {
  name: string;
  value: string | Buffer;
  filename?: string;
  type?: string;
}
function form(...parts: Part[]) {
  const pieces = parts.flatMap(({ name, value, filename, type }) => [
    `--b\r\ncontent-disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n`,
    ...(type === undefined ? [] : [`content-type: ${type}\r\n`]),
    '\r\n',
    value,
    '\r\n',
  ]);
  return Buffer.concat([...pieces.map((piece) => Buffer.from(piece as string)), Buffer.from('--b--\r\n')]);
}
const file = (value: string | Buffer, type?: string): Part => ({ name: 'file', value, filename: 'a photo.jpg', type });
const from: Part = { name: 'from', value: SENDER };
const FORM = { 'content-type': 'multipart/form-data; boundary=b' };
const post = (body: Buffer, key?: string) => api.call('POST', '/v1/media', { body, headers: FORM, key });
const kept = async () => ({
  rows: await api.app.get(Database).prisma.mediaAsset.count(),
  files: (await readdir(folder, { recursive: true }).catch(() => [])).filter((name) => name.includes('-')).length,
});
const download = (id: string, key: string) =>
  api.app.inject({ url: `/v1/media/${id}`, headers: { authorization: `Bearer ${key}` } });

describe('a file', () => {
  it('is uploaded, shown, downloaded and deleted', async () => {
    const { key } = await api.aKey({ scopes: ['media'] });
    const bytes = randomBytes(300_000);
    const uploaded = await post(form(from, file(bytes, 'image/jpeg')), key);
    expect(uploaded).toMatchObject({
      status: 201,
      body: {
        from: SENDER,
        direction: 'upload',
        state: 'stored',
        kind: 'image',
        mimeType: 'image/jpeg',
        filename: 'a photo.jpg',
        size: 300_000,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        metaId: String(lastMetaId),
        wamid: null,
      },
    });
    const id = String(uploaded.body.id);
    expect(asked).toEqual([expect.stringMatching(new RegExp(`^POST /v25\\.0/${SENDER}/media 300\\d{3}$`))]);
    expect((await api.call('GET', `/v1/media/${id}/metadata`, { key })).body).toEqual(uploaded.body);
    for (const name of [id, String(lastMetaId)]) {
      const got = await download(name, key);
      expect([got.statusCode, got.rawPayload.equals(bytes)]).toEqual([200, true]);
      expect(got.headers).toMatchObject({
        'content-type': 'image/jpeg',
        'content-length': '300000',
        'x-content-type-options': 'nosniff',
        'content-disposition': "attachment; filename*=UTF-8''a%20photo.jpg",
      });
    }
    expect((await api.call('DELETE', `/v1/media/${id}`, { key })).status).toBe(204);
    expect(asked[1]).toBe(`DELETE /v25.0/${lastMetaId} 0`);
    expect(await kept()).toEqual({ rows: 1, files: 0 });
    for (const method of ['GET', 'DELETE'] as const)
      expect(await api.call(method, `/v1/media/${id}`, { key })).toMatchObject({
        status: 404,
        body: { code: 'media_not_found' },
      });
  });

  it('is kept whole when its type is said after it, and allows more than its part', async () => {
    const bytes = randomBytes(5 * 1024 * 1024 + 1);
    const { body } = await post(form(from, file(bytes, 'image/png'), { name: 'type', value: 'video/mp4' }));
    expect(body).toMatchObject({ kind: 'video', mimeType: 'video/mp4', size: bytes.length });
    const { key } = await api.aKey({ scopes: ['media'] });
    expect((await download(String(body.id), key)).rawPayload.equals(bytes)).toBe(true);
  });

  it('of the same bytes is the same file, of its sender and type', async () => {
    const first = await post(form(from, file('hello', 'text/plain')));
    expect((await post(form(from, file('hello', 'text/plain')))).body.id).toBe(first.body.id);
    expect((await post(form(from, file('hello', 'text/csv')))).body.id).not.toBe(first.body.id);
    expect(asked).toHaveLength(2);
    expect(await kept()).toEqual({ rows: 2, files: 2 });
  });

  it('is kept for as long as a message waits with it, however it came in', async () => {
    const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString();
    const upload = async (bytes: string) =>
      (await post(form(from, file(bytes, 'text/plain')))).body as Record<string, string>;
    const [single, bulk, fallback, cloud] = [
      await upload('a'),
      await upload('b'),
      await upload('c'),
      await upload('d'),
    ];
    const aDocument = (id: unknown) => ({ type: 'document', document: { id } });
    const parameters = [aDocument(fallback?.id)];
    const template = { name: 'a', language: { code: 'en' }, components: [{ type: 'header', parameters }] };
    const send = (message: object, more: object) => ({ from: SENDER, to: '+15550100001', message, ...more });
    const [at20, at25, at30] = [days(20), days(25), days(30)];
    const sent = [
      await api.call('POST', '/v1/messages', { body: send(aDocument(single?.id), { expiresAt: at20 }) }),
      await api.call('POST', '/v1/messages/bulk', {
        body: {
          messages: [
            send(aDocument(bulk?.metaId), { expiresAt: at25 }),
            send(
              { type: 'text', text: { body: 'x' } },
              { windowFallback: { type: 'template', template }, expiresAt: at30 },
            ),
          ],
        },
      }),
      await api.call('POST', `/v25.0/${SENDER}/messages`, {
        body: { messaging_product: 'whatsapp', to: '+15550100001', ...aDocument(cloud?.metaId) },
      }),
    ];
    expect(sent.map(({ status }) => status)).toEqual([202, 202, 200]);
    const usedUntil = async (id: unknown) =>
      String((await api.call('GET', `/v1/media/${String(id)}/metadata`)).body.lastUsedAt);
    expect([await usedUntil(single?.id), await usedUntil(bulk?.id), await usedUntil(fallback?.id)]).toEqual([
      at20,
      at25,
      at30,
    ]);
    expect(Math.abs(Date.parse(await usedUntil(cloud?.id)) - Date.parse(days(1)))).toBeLessThan(60_000);
  });

  it('may say its type in a field, before or after it', async () => {
    const type: Part = { name: 'type', value: 'application/pdf' };
    for (const body of [form(from, type, file('a', 'image/gif')), form(from, file('b'), type)])
      expect(await post(body)).toMatchObject({ status: 201, body: { mimeType: 'application/pdf', kind: 'document' } });
  });

  it('is kept when Meta cannot be reached', async () => {
    answerUpload = { status: 500, body: {} };
    expect(await post(form(from, file('later', 'text/plain')))).toMatchObject({ status: 201, body: { metaId: null } });
    expect(await kept()).toEqual({ rows: 1, files: 1 });
  });
});

const MB = 1_048_576;
const animated = (size: number) => {
  const bytes = Buffer.alloc(size);
  bytes.write('RIFF....WEBPVP8X....\x02', 'latin1');
  return bytes;
};

describe('a file is refused, and nothing of it is stored,', () => {
  it.each([
    ['one byte over the limit of an image', file(Buffer.alloc(5 * MB + 1), 'image/png'), 'media_too_large', '5242880'],
    ['of a video', file(Buffer.alloc(16 * MB + 1), 'video/mp4'), 'media_too_large', '16777216'],
    ['of an audio', file(Buffer.alloc(16 * MB + 1), 'audio/ogg'), 'media_too_large', '16777217'],
    ['of a sticker', file(Buffer.alloc(102_401), 'image/webp'), 'media_too_large', '102400'],
    ['of a moving sticker', file(animated(512_001), 'image/webp'), 'media_too_large', '512001'],
    ['without bytes', file('', 'image/png'), 'media_empty', 'at least 1 byte'],
    ['of a wrong type', file('GIF89a', 'image/gif'), 'media_type_refused', 'image/gif'],
    ['of no type', file('abc', 'application/octet-stream'), 'media_type_refused', 'octet-stream'],
  ])('%s', async (_what, part, code, words) => {
    expect(await post(form(from, part))).toMatchObject({
      status: 422,
      body: { code, detail: expect.stringContaining(words), errors: [{ field: 'file' }] },
    });
    expect(await kept()).toEqual({ rows: 0, files: 0 });
    expect(asked).toEqual([]);
  });

  it.each([
    ['an image', file(Buffer.alloc(5 * MB, 1), 'image/png')],
    ['a sticker', file(Buffer.alloc(102_400, 1), 'image/webp')],
    ['a moving sticker', file(animated(512_000), 'image/webp')],
  ])('but not %s at its limit', async (_what, part) => expect((await post(form(from, part))).status).toBe(201));

  it('when it is a document over 100 MB', async () => {
    expect(await post(form(from, file(Buffer.alloc(100 * MB + 1), 'application/pdf')))).toMatchObject({
      status: 422,
      body: { code: 'media_too_large', detail: expect.stringContaining('104857600') },
    });
    expect(await kept()).toEqual({ rows: 0, files: 0 });
  });

  it('when Meta refuses it', async () => {
    answerUpload = { status: 400, body: { error: { message: 'bad', code: 131053, error_data: { details: 'codec' } } } };
    expect(await post(form(from, file('x', 'video/mp4')))).toMatchObject({
      status: 422,
      body: { code: 'media_refused', detail: expect.stringContaining('131053') },
    });
    expect(await kept()).toEqual({ rows: 0, files: 0 });
  });

  it.each([
    ['without a sender', form(file('x', 'text/plain')), 422, 'validation_failed'],
    ['with its sender after it', form(file('x', 'text/plain'), from), 422, 'validation_failed'],
    [
      'for a sender that is not known',
      form({ name: 'from', value: '9' }, file('x', 'text/plain')),
      422,
      'unknown_sender',
    ],
    ['in a form without a file', form(from), 422, 'validation_failed'],
    ['in a form cut short', form(from, file('xyz', 'text/plain')).subarray(0, -12), 400, 'bad_request'],
  ])('%s', async (_what, body, status, code) => {
    expect(await post(body)).toMatchObject({ status, body: { code } });
    expect(await kept()).toEqual({ rows: 0, files: 0 });
  });

  it('when whoever sends it goes away', async () => {
    await api.app.listen(0, '127.0.0.1');
    const { port } = api.app.getHttpServer().address() as AddressInfo;
    const headers = { ...FORM, authorization: `Bearer ${ADMIN_KEY}`, 'content-length': 1_000_000 };
    const sent = request({ port, method: 'POST', path: '/v1/media', headers });
    sent.on('error', () => undefined);
    sent.write(form(from, file(Buffer.alloc(200_000), 'text/plain')).subarray(0, 150_000));
    await eventually(async () => expect((await kept()).rows).toBe(1));
    sent.destroy();
    await eventually(async () => expect(await kept()).toEqual({ rows: 0, files: 0 }));
  });

  it('when it is no form, and a form is no body elsewhere', async () => {
    expect((await api.call('POST', '/v1/media', { body: { from: SENDER } })).status).toBe(415);
    expect((await api.call('POST', '/v1/messages', { body: form(from), headers: FORM })).status).toBe(415);
  });
});

describe('a key', () => {
  it('reaches files of its senders alone', async () => {
    const { body } = await post(form(from, file('hello', 'text/plain')));
    const { key } = await api.aKey({ scopes: ['media'], senders: ['800000000000777'] });
    expect(await post(form(from, file('mine', 'text/plain')), key)).toMatchObject({
      status: 403,
      body: { code: 'sender_not_allowed' },
    });
    for (const path of [`/v1/media/${String(body.id)}`, `/v1/media/${String(body.metaId)}/metadata`])
      expect((await api.call('GET', path, { key })).status).toBe(404);
    expect((await api.call('DELETE', `/v1/media/${String(body.id)}`, { key })).status).toBe(404);
  });

  it('needs the scope', async () => {
    const { key } = await api.aKey({ scopes: ['messages:write'] });
    expect(await post(form(from, file('x', 'text/plain')), key)).toMatchObject({
      status: 403,
      body: { code: 'scope_missing' },
    });
  });

  it.each(['nothing', '%00', '7'.repeat(65)])('finds no file named %s', async (name) =>
    expect((await api.call('GET', `/v1/media/${name}`)).status).toBe(404),
  );
});
