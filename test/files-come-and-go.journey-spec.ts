import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { recipients, SENDER } from './world/senders.js';
import { World } from './world/world.js';

const [ANN = ''] = recipients('010', 1, 301);
const TOKEN = { authorization: 'Bearer any-token' };

describe('files', () => {
  let world: World;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'herald-journey-media-'));
    world = await World.start({ env: { MEDIA_DIR: folder } });
  });
  afterAll(async () => {
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const post = async (url: string, headers: Record<string, string>, fields: Record<string, string>, bytes: Buffer) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), 'cat.png');
    return (await (await fetch(url, { method: 'POST', headers, body: form })).json()) as Record<string, string>;
  };
  const herald = () => ({ authorization: `Bearer ${world.api.key}` });

  it('are uploaded once and sent by our id, as Meta knows them', async () => {
    const bytes = randomBytes(100_000);
    const { id, metaId } = await post(`${world.api.url}/v1/media`, herald(), { from: SENDER }, bytes);
    const node = await (await fetch(`${world.simulator.url}/v25.0/${metaId}`, { headers: TOKEN })).json();
    expect(node).toMatchObject({ sha256: createHash('sha256').update(bytes).digest('hex') });
    const message = await world.api.send({ from: SENDER, to: ANN, message: { type: 'image', image: { id } } });
    await world.untilRead([message]);
    // What the client wrote is what it sees.
    expect((await world.api.message(message)).message).toEqual({ type: 'image', image: { id } });
  });

  it('of contacts are fetched and can be downloaded', async () => {
    const bytes = randomBytes(50_000);
    const upload = `${world.simulator.url}/v25.0/${SENDER}/media`;
    const { id } = await post(upload, TOKEN, { messaging_product: 'whatsapp' }, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('base64');
    const image = { id, mime_type: 'image/png', sha256 };
    const wamid = await world.simulator.inbound({ from: ANN, message: { type: 'image', image } });
    await eventually(async () => (await world.api.call('GET', `/v1/media/${id}/metadata`)).json['state'] === 'stored', {
      timeoutMs: 20_000,
    });
    expect((await world.api.call('GET', `/v1/media/${id}/metadata`)).json).toMatchObject({
      wamid,
      direction: 'inbound',
    });
    const got = await fetch(`${world.api.url}/v1/media/${id}`, { headers: herald() });
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
  });
});
