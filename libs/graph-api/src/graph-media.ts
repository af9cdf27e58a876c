import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Agent, type Dispatcher, request } from 'undici';
import { asObject, asText, parseJson } from './domain/json.js';
import { classifySendResult } from './domain/send-outcome.js';

/** Where Graph is. */
export interface GraphMediaOptions {
  baseUrl: string;
  version: string;
  connectTimeoutMs?: number;
  /** Between two pieces of a body or of an answer, ms. */
  idleTimeoutMs?: number;
}

/** A file to upload; `size` is exactly how many bytes `content` gives. */
export interface MediaUpload {
  phoneNumberId: string;
  accessToken: string;
  mimeType: string;
  filename: string;
  size: number;
  content: Readable;
}

/** What Meta tells of a file. */
export interface MediaFile {
  url: string;
  mimeType: string | null;
  /** Hex or base64, as it came. */
  sha256: string | null;
}

/** What became of a request. `gone`: Meta has no such file (any more). `refused`: it would answer so again. */
export type MediaResult<T> =
  | { kind: 'done'; value: T }
  | { kind: 'gone' }
  | { kind: 'refused'; code: number; details: string }
  | { kind: 'retry'; reason: string };

/** An answer that is longer is no answer of Graph's, bytes. */
const MAX_ANSWER = 256 * 1024;
/** Requests at once. */
const CONNECTIONS = 16;
/** Some of Meta's hosts refuse what names no client (sending.md §4). */
const USER_AGENT = 'herald/0.1';
/** Hosts beside Graph's own that may see an access token. */
const META_HOSTS = /(^|\.)(fbsbx\.com|facebook\.com|fbcdn\.net|whatsapp\.net)$/;
/** Graph's codes for an object that is not there. */
const GONE = new Set([33, 100]);

/** Files at Meta: upload, look up, download, delete. Nothing is kept in memory whole, and nothing is thrown for what Meta says. */
export class GraphMedia {
  private readonly agent: Agent;
  private readonly root: string;
  private readonly host: string;

  constructor({ baseUrl, version, connectTimeoutMs = 5_000, idleTimeoutMs = 30_000 }: GraphMediaOptions) {
    this.root = `${baseUrl.replace(/\/+$/, '')}/${version}`;
    this.host = new URL(baseUrl).host;
    this.agent = new Agent({
      connections: CONNECTIONS,
      connect: { timeout: connectTimeoutMs },
      headersTimeout: idleTimeoutMs,
      bodyTimeout: idleTimeoutMs,
    });
  }

  /** Uploads a file, streaming. @returns Meta's id of it */
  async upload(file: MediaUpload): Promise<MediaResult<string>> {
    const form = formOf(file);
    const result = await this.call(`${this.root}/${encodeURIComponent(file.phoneNumberId)}/media`, file.accessToken, {
      method: 'POST',
      headers: { 'content-type': form.contentType, 'content-length': String(form.length) },
      body: form.body,
    });
    file.content.destroy();
    if (result.kind !== 'done') return result.kind === 'gone' ? { kind: 'refused', code: 100, details: '' } : result;
    const id = asText(result.value.id);
    return id === null ? { kind: 'retry', reason: 'no_media_id' } : { kind: 'done', value: id };
  }

  /** Where a file can be downloaded; the address is good for five minutes. */
  async find(metaId: string, accessToken: string): Promise<MediaResult<MediaFile>> {
    const result = await this.call(`${this.root}/${encodeURIComponent(metaId)}`, accessToken, { method: 'GET' });
    if (result.kind !== 'done') return result;
    const { url, mime_type, sha256 } = result.value;
    const address = asText(url);
    if (address === null) return { kind: 'retry', reason: 'no_media_url' };
    return { kind: 'done', value: { url: address, mimeType: asText(mime_type), sha256: asText(sha256) } };
  }

  /** Downloads from an address that Meta gave; the token goes to Meta's hosts alone. `gone` also for an address that is too old. */
  async download(url: string, accessToken: string): Promise<MediaResult<Readable>> {
    if (!this.isMetas(url)) return { kind: 'refused', code: 0, details: 'The address is none of Meta’s' };
    try {
      const { statusCode, body } = await request(url, {
        dispatcher: this.agent,
        headers: { authorization: `Bearer ${accessToken}`, 'user-agent': USER_AGENT },
      });
      if (statusCode === 200) return { kind: 'done', value: body };
      await body.dump();
      return [400, 401, 403, 404, 410].includes(statusCode)
        ? { kind: 'gone' }
        : { kind: 'retry', reason: `HTTP ${statusCode}` };
    } catch (error) {
      return { kind: 'retry', reason: causeOf(error) };
    }
  }

  /** Deletes a file at Meta. */
  async delete(metaId: string, accessToken: string): Promise<MediaResult<true>> {
    const result = await this.call(`${this.root}/${encodeURIComponent(metaId)}`, accessToken, { method: 'DELETE' });
    return result.kind === 'done' ? { kind: 'done', value: true } : result;
  }

  async close(): Promise<void> {
    await this.agent.close();
  }

  private isMetas(url: string): boolean {
    const { protocol, host, hostname } = URL.parse(url) ?? { protocol: '', host: '', hostname: '' };
    return host === this.host || (protocol === 'https:' && META_HOSTS.test(hostname));
  }

  private async call(
    url: string,
    accessToken: string,
    options: Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'>,
  ): Promise<MediaResult<Readonly<Record<string, unknown>>>> {
    try {
      const { statusCode, body } = await request(url, {
        ...options,
        dispatcher: this.agent,
        headers: { ...options.headers, authorization: `Bearer ${accessToken}`, 'user-agent': USER_AGENT },
      });
      const text = await readText(body);
      return statusCode === 200 ? readObject(text) : readRefusal(statusCode, text, accessToken);
    } catch (error) {
      return { kind: 'retry', reason: causeOf(error) };
    }
  }
}

function readObject(text: string): MediaResult<Readonly<Record<string, unknown>>> {
  const value = asObject(parseJson(text));
  return value === null ? { kind: 'retry', reason: 'no_object' } : { kind: 'done', value };
}

function readRefusal(httpStatus: number, body: string, accessToken: string): MediaResult<never> {
  const outcome = classifySendResult({ kind: 'answered', httpStatus, body }, [accessToken]);
  if (outcome.kind === 'rejected_permanent' && typeof outcome.code === 'number') {
    const isGone = GONE.has(outcome.code) && (outcome.code === 33 || outcome.error.subcode === 33);
    return isGone ? { kind: 'gone' } : { kind: 'refused', code: outcome.code, details: outcome.error.details };
  }
  return { kind: 'retry', reason: 'code' in outcome ? String(outcome.code) : `HTTP ${httpStatus}` };
}

/** The multipart form around a file: what comes before and after is known, so the length is, too. */
function formOf({ mimeType, filename, size, content }: MediaUpload) {
  const boundary = `herald-${randomUUID()}`;
  const part = (name: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const name = filename.replace(/[^\x20-\x7e]|["\\]/g, '_');
  const head = Buffer.from(
    part('messaging_product', 'whatsapp') +
      part('type', mimeType) +
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${mimeType}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* pieces(): AsyncGenerator<Buffer> {
    yield head;
    yield* content as AsyncIterable<Buffer>;
    yield tail;
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: head.length + size + tail.length,
    body: Readable.from(pieces(), { objectMode: false }),
  };
}

async function readText(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER) throw Object.assign(new Error('the answer is too long'), { code: 'ANSWER_TOO_LONG' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const CAUSE = /^[A-Z][A-Z0-9_]{1,63}$/;
function causeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && CAUSE.test(code) ? code : 'UNKNOWN_CAUSE';
}
