import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { A_SENDER } from '#testing';
import { type MediaWorld, openMediaWorld } from './specs/media-world.js';

let world: MediaWorld;
beforeAll(async () => void (world = await openMediaWorld()), 60_000);
afterAll(() => world.close());

const anImage = (id: string, phoneNumberId = A_SENDER.phoneNumberId) => ({
  phoneNumberId,
  content: { type: 'document', document: { id, filename: '' } },
});

function setup() {
  const made = world.setup();
  const prepare = async (...messages: ReturnType<typeof anImage>[]) => {
    const found = await made.sendable.find(messages);
    return Promise.all(messages.map((message) => made.sendable.prepare(message, found)));
  };
  return { ...made, prepare };
}
const ready = (id: string | null) => ({ kind: 'ready', content: { type: 'document', document: { id, filename: '' } } });

describe('a message with a file', () => {
  it('gets Meta’s id of it now, by our id or the first that Meta gave', async () => {
    const { prepare, aFile, graph } = setup();
    const { id, metaId } = await aFile();
    expect(await prepare(anImage(id), anImage(id.toUpperCase()), anImage(String(metaId)))).toEqual(
      Array.from({ length: 3 }, () => ready(metaId)),
    );
    expect(graph.asked).toEqual(['upload']);
  });

  it('gets a new one from 29 days on, once for all that wait, and stays known by the first', async () => {
    const { prepare, aFile, graph } = setup();
    const { id, metaId } = await aFile();
    await world.age(id, 28.9);
    expect(await prepare(anImage(id))).toEqual([ready(metaId)]);
    await world.age(id, 0.2);
    const [first, ...others] = await prepare(anImage(id), anImage(id), anImage(String(metaId)));
    const now = (await world.row(id)).metaId;
    expect(now).not.toBe(metaId);
    expect([first, ...others]).toEqual(Array.from({ length: 3 }, () => ready(now)));
    expect(await prepare(anImage(String(metaId)))).toEqual([ready(now)]);
    expect(graph.asked).toEqual(['upload', 'upload']);
    expect(await world.row(id)).toMatchObject({ firstMetaId: metaId });
  });

  it('that Meta never got uploads it first', async () => {
    const { prepare, aFile, graph } = setup();
    graph.uploads.push({ kind: 'retry', reason: 'down' }, { kind: 'retry', reason: 'down' });
    const { id, metaId } = await aFile();
    expect(metaId).toBeNull();
    expect(await prepare(anImage(id))).toEqual([{ kind: 'retry' }]);
    const [message] = await prepare(anImage(id));
    const row = await world.row(id);
    expect(message).toEqual(ready(row.metaId));
    expect(row.firstMetaId).toBe(row.metaId);
  });

  it('that Meta refuses says so', async () => {
    const { prepare, aFile, graph } = setup();
    graph.uploads.push({ kind: 'retry', reason: 'down' }, { kind: 'refused', code: 131053, details: 'codec' });
    const { id } = await aFile();
    expect(await prepare(anImage(id))).toEqual([{ kind: 'refused', code: 131053, details: 'codec' }]);
  });

  it('that was deleted cannot be sent, and its bytes are gone here and at Meta', async () => {
    const { prepare, aFile, graph, library } = setup();
    const { id, metaId } = await aFile();
    await library.delete(await library.find(id, 'all'));
    expect(await prepare(anImage(id), anImage(String(metaId)))).toEqual([
      { kind: 'media_deleted' },
      { kind: 'media_deleted' },
    ]);
    expect(graph.asked).toEqual(['upload', `delete ${metaId}`]);
    expect(await world.row(id)).toMatchObject({ state: 'deleted', storageKey: null, nextTryAt: null });
  });

  it('that was deleted between the look and the send is not uploaded again', async () => {
    const { sendable, aFile, library } = setup();
    const { id } = await aFile();
    await world.age(id, 30);
    const found = await sendable.find([anImage(id)]);
    await library.delete(await library.find(id, 'all'));
    expect(await sendable.prepare(anImage(id), found)).toEqual({ kind: 'media_deleted' });
  });

  it('that was deleted while it was uploaded again leaves no copy at Meta', async () => {
    const { prepare, aFile, graph, library } = setup();
    const { id, metaId } = await aFile();
    await world.age(id, 30);
    const upload = graph.upload;
    graph.upload = async (file) => {
      const uploaded = await upload(file);
      await library.delete(await library.find(id, 'all'));
      return uploaded;
    };
    expect(await prepare(anImage(id))).toEqual([{ kind: 'media_deleted' }]);
    expect(graph.asked).toEqual(['upload', 'upload', `delete ${metaId}`, `delete ${Number(metaId) + 1}`]);
  });

  it('of another sender, or of nobody, stays as it is', async () => {
    const { prepare, aFile } = setup();
    const { id, metaId } = await aFile();
    const unknown = '01a21de5-7b1b-7591-a32c-00880f411f8a';
    for (const message of [anImage(id, '800000000000777'), anImage(unknown), anImage('123'), anImage('not an id')])
      expect(await prepare(message)).toEqual([ready(message.content.document.id)]);
    expect(await prepare(anImage(String(metaId), '800000000000777'))).toEqual([ready(metaId)]);
  });

  it('counts the file as used', async () => {
    const { prepare, aFile } = setup();
    const { id } = await aFile();
    await world.run(`UPDATE media_asset SET last_used_at = now() - interval '20 days' WHERE id = $1`, id);
    await prepare(anImage(id));
    expect(Date.now() - (await world.row(id)).lastUsedAt.getTime()).toBeLessThan(60_000);
  });
});

describe('the same bytes', () => {
  it('are one file, also when they come at once', async () => {
    const { aFile, graph } = setup();
    const files = await Promise.all(Array.from({ length: 5 }, () => aFile('the same')));
    expect(new Set(files.map(({ id }) => id)).size).toBe(1);
    expect(await world.database.prisma.mediaAsset.count({ where: { sha256: files[0]?.sha256 } })).toBe(1);
    const uploads = () => graph.asked.filter((what) => what === 'upload').length;
    // Of all copies at Meta one stays, that of the file.
    expect(graph.asked.length - uploads()).toBe(uploads() - 1);
    expect(graph.asked).not.toContain(`delete ${files[0]?.metaId}`);
    await aFile('the same');
    expect(uploads()).toBeLessThanOrEqual(5);
  });
});
