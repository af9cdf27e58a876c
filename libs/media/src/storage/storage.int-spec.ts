import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anEnvironment } from '#testing';
import { MediaBytesMissingError, type MediaStorage, storageKey } from './media-storage.js';
import { openStorage } from './open-storage.js';

/** As much of S3 as files need: objects, and uploads in parts. */
function aBucket() {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, Map<number, Buffer>>();
  const seen: string[] = [];
  const answer = async (request: IncomingMessage): Promise<[number, string | Buffer]> => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://bucket');
    const body = await buffer(request);
    const uploadId = searchParams.get('uploadId');
    seen.push(`${request.method} ${request.headers.authorization === undefined ? 'unsigned' : 'signed'}`);
    if (searchParams.has('uploads')) {
      uploads.set('u1', new Map());
      return [200, '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>'];
    }
    if (uploadId !== null && request.method === 'PUT') {
      uploads.get(uploadId)?.set(Number(searchParams.get('partNumber')), body);
      return [200, ''];
    }
    if (uploadId !== null) {
      const parts = [...(uploads.get(uploadId) ?? [])].sort(([a], [b]) => a - b).map(([, part]) => part);
      uploads.delete(uploadId);
      if (request.method === 'DELETE') return [204, ''];
      objects.set(pathname, Buffer.concat(parts));
      return [200, '<CompleteMultipartUploadResult></CompleteMultipartUploadResult>'];
    }
    if (request.method === 'PUT') objects.set(pathname, body);
    if (request.method === 'DELETE') objects.delete(pathname);
    if (request.method !== 'GET') return [200, ''];
    return [objects.has(pathname) ? 200 : 404, objects.get(pathname) ?? '<Error><Code>NoSuchKey</Code></Error>'];
  };
  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => response.writeHead(status, { etag: '"e"' }).end(body));
  });
  return { server, objects, uploads, seen };
}

let folder: string;
let bucket: ReturnType<typeof aBucket>;
let s3: MediaStorage;
let server: Server;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'herald-storage-'));
  bucket = aBucket();
  server = bucket.server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  s3 = await openStorage(
    anEnvironment({
      MEDIA_S3_BUCKET: 'files',
      MEDIA_S3_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      MEDIA_S3_ACCESS_KEY_ID: 'id',
      MEDIA_S3_SECRET_ACCESS_KEY: 'secret',
    }),
  );
});
afterAll(async () => {
  await s3.close();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const STORAGES: [string, () => Promise<MediaStorage>, () => Promise<number>][] = [
  [
    'a folder',
    () => openStorage(anEnvironment({ MEDIA_DIR: folder })),
    async () =>
      (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length,
  ],
  ['a bucket', () => Promise.resolve(s3), () => Promise.resolve(bucket.objects.size + bucket.uploads.size)],
];

describe.each(STORAGES)('%s', (_what, open, count) => {
  it.each([
    ['a small file', 10],
    ['a file of several parts', 12 * 1024 * 1024],
  ])('keeps %s', async (_size, bytes) => {
    const content = randomBytes(bytes);
    const key = storageKey('01a21de5-7b1b-7591-a32c-00880f411f8a');
    const pieces = Array.from({ length: Math.ceil(bytes / 65_536) }, (_, i) =>
      content.subarray(i * 65_536, (i + 1) * 65_536),
    );
    await (await open()).put(key, Readable.from(pieces, { objectMode: false }));
    expect((await buffer(await (await open()).get(key))).equals(content)).toBe(true);
    expect(await count()).toBe(1);
    await (await open()).remove(key);
    await (await open()).remove(key);
    await expect((await open()).get(key)).rejects.toThrow(MediaBytesMissingError);
    expect(await count()).toBe(0);
  });

  it('keeps nothing of a stream that breaks', async () => {
    function* broken() {
      for (let i = 0; i < 120; i += 1) yield Buffer.alloc(65_536);
      throw new Error('gone');
    }
    await expect((await open()).put('ab/broken', Readable.from(broken(), { objectMode: false }))).rejects.toThrow(
      'gone',
    );
    expect(await count()).toBe(0);
  });
});

describe('the bucket', () => {
  it('was asked with signatures alone', () =>
    expect(new Set(bucket.seen.map((line) => line.split(' ')[1]))).toEqual(new Set(['signed'])));
});
