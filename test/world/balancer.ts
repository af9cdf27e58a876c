import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** One address in front of several processes, as a load balancer is: each request goes to the next of them. */
export interface Balancer {
  url: string;
  /** Base URLs of the processes; none yet: every request is answered 503. */
  targets: string[];
  /** Requests that were answered 200, by the base URL of who answered. */
  answered: Map<string, number>;
  close(): Promise<void>;
}

/** Opens one. Bodies pass as they are. */
export async function openBalancer(): Promise<Balancer> {
  let turn = 0;
  const server = createServer((incoming, response) => {
    const target = balancer.targets[turn++ % balancer.targets.length];
    if (target === undefined) return void response.writeHead(503).end();
    pass(incoming, response, target, () => balancer.answered.set(target, (balancer.answered.get(target) ?? 0) + 1));
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const balancer: Balancer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    targets: [],
    answered: new Map(),
    close: async () => {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
  return balancer;
}

function pass(incoming: IncomingMessage, response: ServerResponse, target: string, onAnswer: () => void): void {
  const { method, url = '', headers } = incoming;
  const onward = request(target + url, { method, headers }, (answer) => {
    if (answer.statusCode === 200) onAnswer();
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
  incoming.pipe(onward);
}
