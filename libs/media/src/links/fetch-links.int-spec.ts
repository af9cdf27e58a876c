import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { A_SENDER } from '#testing';
import { type MediaWorld, openMediaWorld } from '../specs/media-world.js';
import { FetchLinksService } from './fetch-links.service.js';
import type { LinkDownload, LinkDownloader } from './link-downloader.js';

let world: MediaWorld;
beforeAll(async () => void (world = await openMediaWorld()), 60_000);
afterAll(() => world.close());

const aDownload = (bytes: string = randomUUID(), mimeType = 'image/png'): LinkDownload => ({
  kind: 'done',
  content: Readable.from([Buffer.from(bytes)], { objectMode: false }),
  mimeType,
  filename: 'a.png',
});

/** A process whose downloader gives these, in order. */
function setup(...downloads: (LinkDownload | Promise<LinkDownload>)[]) {
  const { receive, logger, sendable } = world.setup();
  const asked: string[] = [];
  const downloader = {
    download: async (link: string) => {
      asked.push(link);
      return downloads.shift() ?? aDownload();
    },
  } as unknown as LinkDownloader;
  const links = new FetchLinksService(world.database, downloader, receive, logger);
  return { links, asked, sendable };
}
const aMessage = (...urls: string[]) => ({
  messageId: randomUUID(),
  phoneNumberId: A_SENDER.phoneNumberId,
  content:
    urls.length === 1
      ? { type: 'image', image: { link: urls[0], caption: '' } }
      : { type: 'template', template: { components: urls.map((link) => ({ parameters: [{ image: { link } }] })) } },
});

describe('a message whose links are sent as files', () => {
  it('gets a file of ours in place of its link, which is fetched once', async () => {
    const { links, asked, sendable } = setup();
    const message = aMessage('https://example.com/a.png');
    const first = await links.replace(message);
    if (first.kind !== 'ready') throw new Error(first.kind);
    expect(first.content).toEqual({ type: 'image', image: { id: expect.any(String), caption: '' } });
    const ready = { phoneNumberId: message.phoneNumberId, content: first.content };
    expect(await sendable.prepare(ready, await sendable.find([ready]))).toMatchObject({
      kind: 'ready',
      content: { image: { id: expect.stringMatching(/^\d+$/) } },
    });
    // The next attempt, in another process.
    expect(await setup().links.replace(message)).toEqual(first);
    expect(asked).toEqual(['https://example.com/a.png']);
  });

  it('has each of its links fetched', async () => {
    const { links, asked } = setup();
    expect(
      await links.replace(aMessage('https://a.example/1', 'https://a.example/2', 'https://a.example/1')),
    ).toMatchObject({ kind: 'ready' });
    expect(asked).toEqual(['https://a.example/1', 'https://a.example/2']);
  });

  it('without links is left alone', async () => {
    const { links, asked } = setup();
    const message = { ...aMessage('x'), content: { type: 'text', text: { body: 'https://a.example' } } };
    expect(await links.replace(message)).toEqual({ kind: 'ready', content: message.content });
    expect(asked).toEqual([]);
  });

  it.each<[string, LinkDownload, object]>([
    ['does not lead to a public address', { kind: 'refused', details: 'no' }, { kind: 'link_refused', details: 'no' }],
    [
      'gives what Meta does not take',
      aDownload('x', 'image/gif'),
      { kind: 'link_refused', details: expect.stringContaining('image/gif') },
    ],
    ['gives nothing', aDownload(''), { kind: 'link_refused', details: expect.stringContaining('empty') }],
    ['cannot be fetched just now', { kind: 'retry', reason: 'HTTP 503' }, { kind: 'retry' }],
  ])('whose link %s says so', async (_what, download, outcome) => {
    expect(await setup(download).links.replace(aMessage('https://example.com/a'))).toEqual(outcome);
  });

  it('whose link never ends is refused at the limit of its kind, and no longer read', async () => {
    let [pieces, hasEnded] = [0, false];
    function* endless() {
      try {
        for (; pieces < 4_000; pieces += 1) yield Buffer.alloc(65_536);
      } finally {
        hasEnded = true;
      }
    }
    const content = Readable.from(endless(), { objectMode: false });
    const download: LinkDownload = { kind: 'done', content, mimeType: 'image/png', filename: null };
    expect(await setup(download).links.replace(aMessage('https://example.com/endless.png'))).toEqual({
      kind: 'link_refused',
      details: expect.stringContaining('5242880'),
    });
    expect(hasEnded).toBe(true);
    expect(pieces).toBeLessThan(200);
  });

  it('does not wait for what takes long; the next attempt finds it', async () => {
    let arrive: (download: LinkDownload) => void = () => undefined;
    const slow = new Promise<LinkDownload>((resolve) => (arrive = resolve));
    const { links, asked } = setup(slow);
    const message = aMessage('https://example.com/slow.png');
    const attempt = links.replace(message);
    const other = links.replace(message);
    expect(await Promise.all([attempt, other])).toEqual([{ kind: 'retry' }, { kind: 'retry' }]);
    arrive(aDownload());
    expect(await links.replace(message)).toMatchObject({ kind: 'ready' });
    expect(asked).toHaveLength(1);
  });

  it('has files that go with it, unless a client uploads the same', async () => {
    const bytes = randomUUID();
    const fetch = async () => {
      const fetched = await setup(aDownload(bytes)).links.replace(aMessage(`https://example.com/${randomUUID()}.png`));
      if (fetched.kind !== 'ready') throw new Error(fetched.kind);
      return world.row((fetched.content.image as { id: string }).id);
    };
    const first = await fetch();
    expect(first).toMatchObject({ isOfLinks: true });
    const { receive } = world.setup();
    const content = Readable.from([Buffer.from(bytes)], { objectMode: false });
    const upload = { phoneNumberId: A_SENDER.phoneNumberId, content, filename: null, mimeType: 'image/png' };
    expect(await receive.keep(await receive.receive(upload), 'image/png')).toMatchObject({ id: first.id });
    expect(await world.row(first.id)).toMatchObject({ isOfLinks: false });
    expect(await fetch()).toMatchObject({ id: first.id, isOfLinks: false });
  });

  it('whose file is deleted in the same moment has it fetched anew', async () => {
    const bytes = randomUUID();
    const { links } = setup(aDownload(bytes), aDownload(bytes));
    const message = aMessage('https://example.com/again.png');
    await world.run(`CREATE FUNCTION go() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      NEW.state := 'deleted'; NEW.deleted_at := now(); RETURN NEW; END $$`);
    await world.run(
      `CREATE TRIGGER go BEFORE UPDATE ON media_asset FOR EACH ROW WHEN (NEW.state = 'stored') EXECUTE FUNCTION go()`,
    );
    expect(await links.replace(message)).toEqual({ kind: 'retry' });
    await world.run('DROP TRIGGER go ON media_asset');
    expect(await links.replace(message)).toMatchObject({ kind: 'ready' });
  });
});
