import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP address in front of a server that can be cut off and joined again, whoever else uses the server. */
export interface CutOff {
  url: string;
  /** Breaks every connection and refuses new ones, as a server that is down does. */
  cut(): Promise<void>;
  join(): Promise<void>;
  /** Holds all bytes back, as a server that hangs does; `join` does not end it, `thaw` does. */
  freeze(): void;
  thaw(): void;
}

export async function cutOff(serverUrl: string): Promise<CutOff> {
  const { hostname, port } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => other.destroy() && sockets.delete(socket));
      socket.pipe(other);
    }
  });
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const own = (server.address() as AddressInfo).port;
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${own}`;
  return {
    url: url.href,
    cut: async () => {
      const closed = server.listening ? once(server.close(), 'close') : undefined;
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
    join: () => listen(own),
    freeze: () => sockets.forEach((socket) => socket.pause()),
    thaw: () => sockets.forEach((socket) => socket.resume()),
  };
}
