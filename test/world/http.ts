import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

/** An HTTP answer, its body read. */
export interface HttpAnswer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; undefined when it is none. */
  json: Body;
}

export interface HttpCall {
  headers?: Record<string, string>;
  /** An object travels as JSON; text and bytes as they are. */
  body?: object | string | Buffer;
  /** Default 20,000. */
  timeoutMs?: number;
}

/** Makes a request. Rejects when no answer comes. */
export async function call<Body = Record<string, unknown>>(
  method: string,
  url: string,
  { headers = {}, body, timeoutMs = 20_000 }: HttpCall = {},
): Promise<HttpAnswer<Body>> {
  const isAsIs = typeof body === 'string' || Buffer.isBuffer(body);
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : isAsIs ? (body as string) : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) as Body };
}

/**
 * Makes a request whose headers promise a body of `length` bytes, of which none is sent: the answer is the one to the promise
 * alone. A server may close while a body is still being written, and whoever writes it may then never see the answer.
 * @returns its status and its body as JSON
 */
export async function announceBody<Body = Record<string, unknown>>(
  url: string,
  length: number,
  headers: Record<string, string> = {},
): Promise<Pick<HttpAnswer<Body>, 'status' | 'json'>> {
  const sent = request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers, 'content-length': length },
    timeout: 20_000,
  });
  sent.flushHeaders();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  sent.on('error', () => undefined).destroy();
  return { status: answer.statusCode ?? 0, json: parse(Buffer.concat(chunks).toString()) as Body };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
