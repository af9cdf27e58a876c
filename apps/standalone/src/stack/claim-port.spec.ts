import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { claimPort, localUrl } from './claim-port.js';

describe('claimPort', () => {
  it('gives a free port for 0, which can be listened on', async () => {
    const port = await claimPort('127.0.0.1', 0);
    expect(port).toBeGreaterThan(0);
    expect(await claimPort('127.0.0.1', port)).toBe(port);
  });

  it('names a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(claimPort('127.0.0.1', port)).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken`);
    server.close();
  });

  it('names a host that is not this machine', async () => {
    await expect(claimPort('192.0.2.1', 0)).rejects.toThrow('HOST 192.0.2.1 is no address of this machine');
  });
});

describe('localUrl', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:3000'],
    ['0.0.0.0', 'http://127.0.0.1:3000'],
    ['::', 'http://127.0.0.1:3000'],
    ['::1', 'http://[::1]:3000'],
    ['herald.internal', 'http://herald.internal:3000'],
  ])('of %s', (host, url) => {
    expect(localUrl(host, 3000)).toBe(url);
  });
});
