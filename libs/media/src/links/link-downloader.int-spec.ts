import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isPublicAddress, LinkDownloader } from './link-downloader.js';

describe('an address', () => {
  it.each(['8.8.8.8', '2606:4700:4700::1111', '203.0.114.1'])('that is public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '::7f00:1',
    'fec0::1',
    '4000::1',
    '3fff::1',
    'nonsense',
  ])('that is not: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('a link', () => {
  let server: Server;
  let port: number;
  let hits = 0;
  const routes: Record<string, (response: ServerResponse) => void> = {
    '/a%20cat.png': (response) => response.writeHead(200, { 'content-type': 'image/png' }).end('bytes'),
    '/moved': (response) => response.writeHead(302, { location: '/a%20cat.png' }).end(),
    '/gone': (response) => response.writeHead(404).end('no'),
    '/broken': (response) => response.writeHead(500).end('no'),
    '/cut': (response) => response.destroy(),
  };
  const intern = new LinkDownloader({ privateHosts: ['localhost', '127.0.0.1'], protocols: ['https:', 'http:'] });
  const outside = new LinkDownloader({ protocols: ['https:', 'http:'] });
  beforeAll(async () => {
    server = createServer(({ url = '' }, response) => {
      hits += 1;
      (routes[url] ?? routes['/gone'])?.(response);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(async () => {
    await Promise.all([intern.close(), outside.close()]);
    server.closeAllConnections();
    server.close();
  });

  it('gives its bytes, type and name', async () => {
    const download = await intern.download(`http://localhost:${port}/a%20cat.png`);
    if (download.kind !== 'done') throw new Error(download.kind);
    expect([await text(download.content), download.mimeType, download.filename]).toEqual([
      'bytes',
      'image/png',
      'a cat.png',
    ]);
  });

  it.each([
    ['/moved', 'The link leads on to another'],
    ['/gone', 'The link was answered with HTTP 404'],
  ])('%s is refused', async (path, details) => {
    expect(await intern.download(`http://localhost:${port}${path}`)).toEqual({ kind: 'refused', details });
  });

  it.each([
    ['/broken', 'HTTP 500'],
    ['/cut', 'UND_ERR_SOCKET'],
  ])('%s is tried again', async (path, reason) => {
    expect(await intern.download(`http://localhost:${port}${path}`)).toEqual({ kind: 'retry', reason });
  });

  it.each(['localhost', '127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', '0'])(
    'to this machine is not fetched, however it is written: %s',
    async (host) => {
      const before = hits;
      expect(await outside.download(`http://${host}:${port}/a%20cat.png`)).toEqual({
        kind: 'refused',
        details: 'The link leads to an address that is not public',
      });
      expect(hits).toBe(before);
    },
  );

  it.each([
    ['one of whose addresses is private', ['8.8.8.8', '10.0.0.1']],
    ['one of whose addresses is private in the clothes of IPv6', ['2606:4700:4700::1111', '::ffff:127.0.0.1']],
    ['that has no address', []],
  ])('to a name %s is not fetched', async (_which, addresses) => {
    const before = hits;
    const resolve = () =>
      Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
    const downloader = new LinkDownloader({ protocols: ['http:'], resolve });
    expect(await downloader.download(`http://files.example:${port}/a%20cat.png`)).toEqual({
      kind: 'refused',
      details: 'The link leads to an address that is not public',
    });
    expect(hits).toBe(before);
    await downloader.close();
  });

  it('goes to the address that was looked at: the name is looked up once', async () => {
    let asked = 0;
    const resolve = () => {
      asked += 1;
      return Promise.resolve([{ address: asked === 1 ? '127.0.0.1' : '192.0.2.1', family: 4 }]);
    };
    const downloader = new LinkDownloader({ protocols: ['http:'], privateHosts: ['files.example'], resolve });
    const download = await downloader.download(`http://files.example:${port}/a%20cat.png`);
    if (download.kind !== 'done') throw new Error(download.kind);
    expect([await text(download.content), asked]).toEqual(['bytes', 1]);
    await downloader.close();
  });

  it.each([
    'http://example.com/a',
    'ftp://example.com/a',
    'file:///etc/passwd',
    'nonsense',
    'https://me:pw@example.com/a',
  ])('that is none is refused: %s', async (link) => {
    expect(await new LinkDownloader().download(link)).toMatchObject({ kind: 'refused' });
  });
});
