import { performance } from 'node:perf_hooks';
import { randomBytes } from 'node:crypto';
import { createServer, request } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createTestDatabase, spawnProcess } from '#testing';
import { resultOf } from '../harness/figures.mjs';
import { residentOf } from '../harness/process-figures.mjs';

const SIZE = 100 * 1024 * 1024;
const SAMPLE_MS = 10;
const KEY = 'hk_bench_admin_key_0123456789abcdef';
const SENDER = '800000000000001';

/** A Graph that takes files, and forgets them. */
async function aGraph() {
  const server = createServer((incoming, response) => {
    incoming.resume().on('end', () => response.end(JSON.stringify({ id: '700000000000001' })));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

/** Uploads a document of so many bytes. @returns the HTTP status */
async function upload(url, size) {
  const head = `--b\r\ncontent-disposition: form-data; name="from"\r\n\r\n${SENDER}\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\ncontent-type: application/pdf\r\n\r\n`;
  const block = randomBytes(64 * 1024);
  const body = Readable.from(
    (function* () {
      yield Buffer.from(head);
      // No two uploads are the same file.
      yield randomBytes(16);
      for (let left = size - 16; left > 0; left -= block.length) yield block.subarray(0, Math.min(left, block.length));
      yield Buffer.from('\r\n--b--\r\n');
    })(),
    { objectMode: false },
  );
  const sent = request(`${url}/v1/media`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'multipart/form-data; boundary=b' },
  });
  const answered = new Promise((resolve, reject) => sent.on('response', resolve).on('error', reject));
  await pipeline(body, sent);
  const answer = await answered;
  answer.resume();
  return answer.statusCode;
}

/** How much memory a file of 100 MB takes in the API, over what it takes before. */
export async function benchMedia() {
  const folder = await mkdtemp(join(tmpdir(), 'herald-bench-'));
  const database = await createTestDatabase();
  const graph = await aGraph();
  let api;
  try {
    api = await spawnProcess('api', {
      DATABASE_URL: database.url,
      GRAPH_API_BASE_URL: `http://127.0.0.1:${graph.address().port}`,
      META_APP_SECRET: 'bench-secret',
      META_VERIFY_TOKEN: 'bench-token',
      HERALD_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      HERALD_ADMIN_KEY: KEY,
      LOG_LEVEL: 'error',
      MEDIA_DIR: folder,
    });
    await fetch(`${api.url}/v1/senders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ phoneNumberId: SENDER, wabaId: '900000000000001', accessToken: 'EAAbench' }),
    });
    // Everything that is loaded once is loaded.
    for (let warm = 0; warm < 3; warm += 1) await upload(api.url, 1024 * 1024);
    const before = await residentOf(api.pid);
    let most = before;
    const timer = setInterval(() => {
      residentOf(api.pid).then(
        (now) => (most = Math.max(most, now)),
        () => undefined,
      );
    }, SAMPLE_MS);
    const startedAt = performance.now();
    const status = await upload(api.url, SIZE);
    const seconds = (performance.now() - startedAt) / 1_000;
    clearInterval(timer);
    if (status !== 201) throw new Error(`the upload was answered ${status}`);
    return [
      resultOf('media: extra memory of the API for 100 MB', {
        unit: 'MiB',
        ours: [{ value: most - before }],
        target: { atMost: 28 },
      }),
      resultOf('media: 100 MB in through the API and out to Graph', { unit: 's', ours: [{ value: seconds }] }),
    ];
  } finally {
    await api?.kill('SIGKILL');
    graph.closeAllConnections();
    graph.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}
