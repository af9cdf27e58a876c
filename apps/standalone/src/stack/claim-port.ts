import { createServer, type AddressInfo } from 'node:net';
import { StartRefusedError } from './start-refused.error.js';

const REASONS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `Port ${port} of ${host} is taken: end what listens there, or choose another (PORT=0 takes a free one)`,
  EACCES: (host, port) => `Port ${port} of ${host} may not be used by this user: choose another with PORT`,
  EADDRNOTAVAIL: (host) => `HOST ${host} is no address of this machine`,
  ENOTFOUND: (host) => `HOST ${host} is no address of this machine`,
};

/**
 * The port to listen on; for 0 one that is free. It is known before anything listens, because the simulator must be told
 * where webhooks go before the application, which must be told where the simulator is.
 * @throws StartRefusedError that names a port that is taken
 */
export async function claimPort(host: string, port: number): Promise<number> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen({ port, host, exclusive: true }, resolve),
    );
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
    throw reason === undefined ? error : new StartRefusedError(reason(host, port));
  }
  const { port: claimed } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return claimed;
}

/** Where programs on this machine reach what listens on a host: one that stands for every address is replaced. */
export function localUrl(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
