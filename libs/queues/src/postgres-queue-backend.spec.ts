import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PostgresQueueBackend } from 'bullmq';
import { createHeraldPostgresBackend } from './postgres-queue-backend.js';

/** One message of the Postgres protocol: its type, its length, its body. */
function wire(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const AUTHENTICATED = wire('R', Buffer.alloc(4));
const READY = wire('Z', Buffer.from('I'));
const ENDED = wire('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));

describe('the connection of BullMQ to Postgres', () => {
  /** Ends each connection in the packet that makes it ready. */
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, ENDED])));
  });

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());

  it('survives one that is ended as it becomes ready, and asks for a new one', async () => {
    const { port } = server.address() as AddressInfo;
    const connection = { host: '127.0.0.1', port, user: 'herald', schema: 'herald_queue' };
    const backend = createHeraldPostgresBackend('q', { connection }) as PostgresQueueBackend;
    const { connection: owned } = backend as unknown as { connection: { getListenClient(): Promise<unknown> } };
    for (let time = 0; time < 2; time += 1)
      await expect(owned.getListenClient()).rejects.toThrow('terminating connection due to administrator command');
    await backend.close();
  });
});
