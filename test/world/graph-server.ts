import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface GraphRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** Writes the answer to a request, when and how it likes. */
export type Answer = (request: GraphRequest, response: ServerResponse) => unknown;

const NO_OBJECT = { error: { message: 'No such object', type: 'GraphMethodException', code: 33, fbtrace_id: 'A1' } };

/** Some server that speaks Meta's shapes, and is not the simulator: it does what a test says. */
export class GraphServer {
  readonly requests: GraphRequest[] = [];
  /** How the next requests are answered. */
  answer: Answer;
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      // Whoever reads here finds nothing: what is sent is not checked against templates.
      if (method === 'GET') return reply(response, 400, NO_OBJECT);
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
      const received = { method, path: url, headers, body };
      this.requests.push(received);
      void this.answer(received, response);
    });
  });

  private constructor(answer: Answer) {
    this.answer = answer;
  }

  static async listen(answer: Answer = accept): Promise<GraphServer> {
    const graph = new GraphServer(answer);
    graph.server.listen(0, '127.0.0.1').unref();
    await once(graph.server, 'listening');
    return graph;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The requests for one recipient. */
  to(recipient: string): GraphRequest[] {
    return this.requests.filter(({ body }) => body.to === recipient);
  }

  async close(): Promise<void> {
    const closed = once(this.server.close(), 'close');
    this.server.closeAllConnections();
    await closed;
  }
}

/** Meta's answer to a message that it takes; its wamid is made from the recipient. */
export const accept: Answer = ({ body }, response) =>
  reply(response, 200, {
    messaging_product: 'whatsapp',
    contacts: [{ input: body.to, wa_id: String(body.to).slice(1) }],
    messages: [{ id: wamidFor(String(body.to)) }],
  });

/** Meta's answer to a message that it refuses. */
export const refuse =
  (httpStatus: number, code: number, message = 'No'): Answer =>
  (_request, response) =>
    reply(response, httpStatus, { error: { message, type: 'OAuthException', code, fbtrace_id: 'A1b2C3' } });

export const wamidFor = (recipient: string) => `wamid.${Buffer.from(recipient).toString('base64')}`;

export function reply(response: ServerResponse, status: number, body: object | string): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json' });
  response.end(isText ? body : JSON.stringify(body));
}
