import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A fixed TCP address in front of a server, which can be shut, or made to hang, whoever else uses the server. */
export interface Gate {
  /** The server's URL with the gate's address in it. */
  url: string;
  /** Breaks every connection and refuses new ones, as a server that is down does. */
  shut(): Promise<void>;
  /** Lets connections through again; to another server when its URL is given. */
  open(serverUrl?: string): Promise<void>;
  /** Holds all bytes back, also of connections to come, as a server that hangs does, until `thaw`. */
  freeze(): void;
  thaw(): void;
}

/** Puts a gate, open, in front of a server. */
export async function openGate(serverUrl: string): Promise<Gate> {
  let target = new URL(serverUrl);
  let isFrozen = false;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    join(near, far);
    join(far, near);
  });
  const join = (socket: Socket, other: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => other.destroy() && sockets.delete(socket));
    socket.pipe(other);
    if (isFrozen) socket.pause();
  };
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  server.unref();
  const { port } = server.address() as AddressInfo;
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    shut: async () => {
      const closed = server.listening ? once(server.close(), 'close') : undefined;
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
    open: async (newUrl) => {
      if (newUrl !== undefined) target = new URL(newUrl);
      if (!server.listening) await listen(port);
    },
    freeze: () => {
      isFrozen = true;
      sockets.forEach((socket) => socket.pause());
    },
    thaw: () => {
      isFrozen = false;
      sockets.forEach((socket) => socket.resume());
    },
  };
}
