import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { GraphMedia, InboundMessageItem, MediaFile, MediaResult } from '#graph-api';
import { A_SENDER, anEnvironment } from '#testing';
import { FetchMediaService } from './fetch-media.service.js';
import { keepInboundMedia } from './keep-inbound-media.js';
import { claimPending } from './queries/inbound-media.query.js';
import { type MediaWorld, openMediaWorld } from './specs/media-world.js';
import { SweepMediaService } from './sweep-media.service.js';

let world: MediaWorld;
beforeAll(async () => void (world = await openMediaWorld()), 60_000);
afterAll(() => world.close());
beforeEach(() => world.run('TRUNCATE media_asset'));

const BYTES = Buffer.from('a picture of a cat');
const SHA = createHash('sha256').update(BYTES).digest();

/** A Graph that has one file; `finds` and `downloads` come first. */
function setup() {
  const made = world.setup();
  const asked: string[] = [];
  const finds: MediaResult<MediaFile>[] = [];
  const downloads: MediaResult<Readable>[] = [];
  const graph = {
    find: (metaId: string) => {
      asked.push(`find ${metaId}`);
      const found = { url: 'https://x/y', mimeType: 'image/png', sha256: null };
      return Promise.resolve(finds.shift() ?? { kind: 'done', value: found });
    },
    download: () => {
      asked.push('download');
      return Promise.resolve(
        downloads.shift() ?? { kind: 'done', value: Readable.from([BYTES], { objectMode: false }) },
      );
    },
  } as unknown as GraphMedia;
  const fetcher = new FetchMediaService(world.database, world.storage, graph, made.senders, made.logger);
  const sweeper = new SweepMediaService(world.database, made.library, made.receive, anEnvironment(), made.logger);
  const arrive = (wamid = 'wamid.cat', image: object = { id: '900', sha256: SHA.toString('base64') }) =>
    keepInboundMedia(world.database, [
      { wamid, phoneNumberId: A_SENDER.phoneNumberId, raw: { type: 'image', image } } as unknown as InboundMessageItem,
    ]);
  return { ...made, asked, finds, downloads, fetcher, sweeper, arrive };
}
const rows = () => world.database.prisma.mediaAsset.findMany({ orderBy: { createdAt: 'asc' } });
const due = () =>
  world.run(`UPDATE media_asset SET next_try_at = now() - interval '1 second' WHERE next_try_at IS NOT NULL`);
const old = (interval: string) =>
  world.run(
    `UPDATE media_asset SET created_at = now() - $1::interval, last_used_at = now() - $1::interval, next_try_at = CASE WHEN next_try_at IS NULL THEN NULL ELSE now() END`,
    interval,
  );

describe('a file of a contact', () => {
  it('is fetched by its id, once, and read by that or ours', async () => {
    const { arrive, fetcher, asked, library } = setup();
    await arrive();
    await arrive();
    expect(await rows()).toMatchObject([{ state: 'pending', wamid: 'wamid.cat', firstMetaId: '900' }]);
    expect(await fetcher.fetch()).toBe(1);
    expect(await fetcher.fetch()).toBe(0);
    expect(asked).toEqual(['find 900', 'download']);
    const [row] = await rows();
    expect(row).toMatchObject({
      state: 'stored',
      kind: 'image',
      mimeType: 'image/png',
      sizeBytes: BigInt(BYTES.length),
      sha256: SHA.toString('hex'),
      nextTryAt: null,
    });
    for (const id of ['900', String(row?.id)]) {
      const { content } = await library.open(await library.find(id, [A_SENDER.phoneNumberId]));
      expect((await buffer(content)).equals(BYTES)).toBe(true);
    }
  });

  it('is not deleted at Meta, but for the copy with which it was sent on', async () => {
    const { arrive, fetcher, library, sendable, graph } = setup();
    await arrive('wamid.kept', { id: '901' });
    await arrive('wamid.sent_on', { id: '902' });
    await fetcher.fetch();
    const message = {
      phoneNumberId: A_SENDER.phoneNumberId,
      content: { type: 'image', image: { id: '902' } },
    };
    expect(await sendable.prepare(message, await sendable.find([message]))).toMatchObject({
      content: { image: { id: '5001' } },
    });
    for (const id of ['901', '902']) await library.delete(await library.find(id, 'all'));
    expect(graph.asked).toEqual(['upload', 'delete 5001']);
  });

  it('is due although its time was rounded up to the next half millisecond', async () => {
    await setup().arrive();
    await world.database.transaction(async (tx) => {
      await tx.query(
        { name: '', sql: `UPDATE media_asset SET next_try_at = date_trunc('milliseconds', now()) + interval '1 ms'` },
        [],
      );
      expect(await claimPending(tx, 1, 1_000)).toHaveLength(1);
    });
  });

  it('cannot be read before', async () => {
    const { arrive, library } = setup();
    await arrive();
    await expect(library.open(await library.find('900', 'all'))).rejects.toMatchObject({ code: 'media_not_ready' });
  });

  it.each<[string, (made: ReturnType<typeof setup>) => void]>([
    ['Meta does not answer', ({ finds }) => finds.push({ kind: 'retry', reason: 'down' })],
    ['Meta does not show it, as to a token without permission', ({ finds }) => finds.push({ kind: 'gone' })],
    ['the address is too old', ({ downloads }) => downloads.push({ kind: 'gone' })],
    [
      'other bytes come',
      ({ downloads }) =>
        downloads.push({ kind: 'done', value: Readable.from([Buffer.from('x')], { objectMode: false }) }),
    ],
    [
      'the bytes break off',
      ({ downloads }) =>
        downloads.push({
          kind: 'done',
          value: Readable.from(
            (function* () {
              yield Buffer.from('a pic');
              throw new Error('gone');
            })(),
            { objectMode: false },
          ),
        }),
    ],
  ])('is asked for anew when %s', async (_what, prepare) => {
    const made = setup();
    prepare(made);
    await made.arrive();
    await made.fetcher.fetch();
    const [row] = await rows();
    expect(row).toMatchObject({ state: 'pending', storageKey: null, tries: 1 });
    expect((row?.nextTryAt?.getTime() ?? 0) - Date.now()).toBeLessThan(4_000);
    await due();
    await made.fetcher.fetch();
    expect(made.asked.filter((line) => line === 'find 900')).toHaveLength(2);
    expect(await rows()).toMatchObject([{ state: 'stored' }]);
  });

  it.each([
    ['6 days 23 hours', 'pending', { kind: 'retry', reason: 'down' }],
    ['6 days 23 hours', 'pending', { kind: 'gone' }],
    ['7 days', 'expired', { kind: 'retry', reason: 'down' }],
    ['7 days', 'expired', { kind: 'gone' }],
  ] as const)('that could not be fetched for %s is %s: %j', async (age, state, found) => {
    const { arrive, fetcher, finds, library } = setup();
    finds.push(found);
    await arrive();
    await old(age);
    await fetcher.fetch();
    expect(await rows()).toMatchObject([{ state }]);
    await expect(library.open(await library.find('900', 'all'))).rejects.toMatchObject({
      code: state === 'expired' ? 'media_expired' : 'media_not_ready',
    });
  });

  it('that takes long keeps no other waiting', async () => {
    const { arrive, fetcher, downloads } = setup();
    const endless = new Readable({ read: () => undefined });
    downloads.push({ kind: 'done', value: endless });
    for (const name of 'abcdefghij') await arrive(`wamid.${name}`, { id: `90${name.charCodeAt(0)}` });
    expect(await fetcher.fetch()).toBe(10);
    const states = (await rows()).map(({ state }) => state).sort();
    expect(states).toEqual(['pending', ...Array.from({ length: 9 }, () => 'stored')]);
    endless.destroy(new Error('it broke off'));
    await fetcher.idle();
    expect((await rows()).find(({ state }) => state === 'pending')?.nextTryAt?.getTime()).toBeLessThan(
      Date.now() + 4_000,
    );
  }, 20_000);

  it('is none when the message brought none, or names what is no id', async () => {
    const { arrive } = setup();
    expect(await arrive('wamid.a', { id: '../../x' })).toBe(0);
    expect(await rows()).toEqual([]);
  });
});

describe('the sweep', () => {
  it.each([
    ['29 days', 'stored'],
    ['31 days', 'expired'],
  ])('leaves a file that nobody used for %s %s', async (age, state) => {
    const { aFile, sweeper, library } = setup();
    const { id } = await aFile();
    await old(age);
    await sweeper.sweep();
    expect(await world.row(id)).toMatchObject({ state, storageKey: state === 'stored' ? expect.any(String) : null });
    if (state === 'expired')
      await expect(world.storage.get(`${id.slice(-2)}/${id}`)).rejects.toMatchObject({ code: 'media_bytes_missing' });
    else expect((await buffer((await library.open(await library.find(id, 'all'))).content)).length).toBeGreaterThan(0);
  });

  it('leaves a file for as long as a message waits with it', async () => {
    const { aFile, uses, sweeper } = setup();
    const [waits, byMeta, others] = [await aFile(), await aFile(), await aFile()];
    await old('40 days');
    const until = new Date(Date.now() + 20 * 86_400_000);
    const content = (id: string | null) => ({ type: 'document', document: { id } });
    const note = (phoneNumberId: string, ...ids: (string | null)[]) =>
      uses.note([{ phoneNumberId, contents: ids.map(content), until }]);
    await note(A_SENDER.phoneNumberId, waits.id, byMeta.metaId, 'no-name-of-a-file');
    await note('800000000000777', others.id);
    await note(A_SENDER.phoneNumberId);
    await sweeper.sweep();
    expect(await Promise.all([waits, byMeta, others].map(async ({ id }) => (await world.row(id)).state))).toEqual([
      'stored',
      'stored',
      'expired',
    ]);
    expect((await world.row(waits.id)).lastUsedAt).toEqual(until);
    await uses.note([{ phoneNumberId: A_SENDER.phoneNumberId, contents: [content(waits.id)], until: new Date() }]);
    expect((await world.row(waits.id)).lastUsedAt).toEqual(until);
  });

  it('deletes at Meta what could not be deleted there at once', async () => {
    const { aFile, sweeper, library, graph } = setup();
    const { id, metaId } = await aFile();
    graph.deletes.push({ kind: 'retry', reason: 'down' });
    await library.delete(await library.find(id, 'all'));
    expect((await world.row(id)).nextTryAt).not.toBeNull();
    await due();
    await sweeper.sweep();
    expect(graph.asked.filter((line) => line === `delete ${metaId}`)).toHaveLength(2);
    expect(await world.row(id)).toMatchObject({ state: 'deleted', nextTryAt: null });
  });

  it('forgets what never came whole', async () => {
    const { receive, sweeper } = setup();
    const content = Readable.from([BYTES], { objectMode: false });
    await receive.receive({ phoneNumberId: A_SENDER.phoneNumberId, content, filename: null, mimeType: 'text/plain' });
    await sweeper.sweep();
    expect(await rows()).toHaveLength(1);
    await old('61 minutes');
    await sweeper.sweep();
    expect(await rows()).toEqual([]);
  });
});
