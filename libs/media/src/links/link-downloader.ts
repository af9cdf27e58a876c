import { lookup, type LookupAddress } from 'node:dns';
import type { Readable } from 'node:stream';
import ipaddr from 'ipaddr.js';
import { Agent, type Dispatcher, request } from 'undici';

/** What is fetched, and how long for. Times are ms. */
export interface LinkOptions {
  /** Hosts that may be fetched from although their addresses are not public: `files.intern`. */
  privateHosts?: readonly string[];
  /** Default https alone. */
  protocols?: readonly string[];
  connectTimeoutMs?: number;
  /** Between two pieces of an answer. */
  idleTimeoutMs?: number;
}

/** What a link gave. `refused`: it would do so again; `retry`: not just now. */
export type LinkDownload =
  | { kind: 'done'; content: Readable; mimeType: string; filename: string | null }
  | { kind: 'refused'; details: string }
  | { kind: 'retry'; reason: string };

const USER_AGENT = 'herald/0.1';
const MAX_NAME = 240;
/** Codes of addresses that are not fetched. */
const NOT_PUBLIC = 'ADDRESS_NOT_PUBLIC';

/** Whether an address is anybody's on the internet: not this machine's, not of a private network, not reserved. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

/**
 * Fetches links that callers name, and nothing that those should not reach through us: https only, every address of the name is
 * public, the connection goes to the address that was looked at, and no redirect is followed.
 */
export class LinkDownloader {
  private readonly agent: Agent;
  private readonly privateHosts: ReadonlySet<string>;
  private readonly protocols: readonly string[];

  constructor({
    privateHosts = [],
    protocols = ['https:'],
    connectTimeoutMs = 5_000,
    idleTimeoutMs = 30_000,
  }: LinkOptions = {}) {
    this.privateHosts = new Set(privateHosts.map((host) => host.toLowerCase()));
    this.protocols = protocols;
    this.agent = new Agent({
      connect: {
        timeout: connectTimeoutMs,
        lookup: (host, options, done) => this.lookUp(host, options.all === true, done),
      },
      headersTimeout: idleTimeoutMs,
      bodyTimeout: idleTimeoutMs,
    });
  }

  /** The answer to a link, its bytes still to be read. Nothing is thrown for what the link is or does. */
  async download(link: string): Promise<LinkDownload> {
    const url = URL.canParse(link) ? new URL(link) : null;
    if (url === null || !this.protocols.includes(url.protocol)) return refused('must be an https address');
    if (url.username !== '' || url.password !== '') return refused('must not have a user name in it');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // A number is not looked up: it is judged here.
    if (ipaddr.isValid(host) && !this.isAllowed(host, host)) return refused('leads to an address that is not public');
    try {
      const options = { dispatcher: this.agent, headers: { 'user-agent': USER_AGENT, accept: '*/*' } };
      return await answerOf(await request(url, options), url);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'FETCH_FAILED';
      return code === NOT_PUBLIC ? refused('leads to an address that is not public') : { kind: 'retry', reason: code };
    }
  }

  async close(): Promise<void> {
    await this.agent.close();
  }

  private isAllowed(host: string, address: string): boolean {
    return isPublicAddress(address) || this.privateHosts.has(host.toLowerCase());
  }

  /** Looks a name up once, judges every address, and gives those very addresses to the connection. */
  private lookUp(
    host: string,
    all: boolean,
    done: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
  ): void {
    lookup(host, { all: true }, (error, addresses) => {
      if (error !== null) return done(error, []);
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => this.isAllowed(host, address)))
        return done(Object.assign(new Error(NOT_PUBLIC), { code: NOT_PUBLIC }), []);
      if (all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  }
}

const refused = (details: string): LinkDownload => ({ kind: 'refused', details: `The link ${details}` });

async function answerOf({ statusCode, headers, body }: Dispatcher.ResponseData, url: URL): Promise<LinkDownload> {
  if (statusCode === 200) {
    const type = headers['content-type'];
    return {
      kind: 'done',
      content: body,
      mimeType: typeof type === 'string' ? type : 'application/octet-stream',
      filename: decodeName(url.pathname.split('/').at(-1) ?? ''),
    };
  }
  await body.dump();
  if (statusCode >= 500 || statusCode === 429 || statusCode === 408)
    return { kind: 'retry', reason: `HTTP ${statusCode}` };
  return refused(
    statusCode >= 300 && statusCode < 400 ? 'leads on to another' : `was answered with HTTP ${statusCode}`,
  );
}

function decodeName(name: string): string | null {
  try {
    return (
      decodeURIComponent(name)
        .replace(/\p{Cc}|\p{Cs}/gu, '')
        .slice(0, MAX_NAME) || null
    );
  } catch {
    return null;
  }
}
