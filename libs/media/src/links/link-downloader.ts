import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
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
  /** All addresses of a name; default the system's own look-up. */
  resolve?: (host: string) => Promise<LookupAddress[]>;
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

/** All of IPv6 that is given out to the internet; `::7f00:1` is a loopback in disguise, and what stands elsewhere is nobody's yet. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/** Whether an address is anybody's on the internet: not this machine's, not of a private network, not reserved. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST));
}

/**
 * Fetches links that callers name, and nothing that those should not reach through us: https only, every address of the name is
 * public, the connection goes to the address that was looked at, and no redirect is followed.
 */
export class LinkDownloader {
  private readonly agent: Agent;
  private readonly privateHosts: ReadonlySet<string>;
  private readonly protocols: readonly string[];
  private readonly resolve: (host: string) => Promise<LookupAddress[]>;

  constructor({
    privateHosts = [],
    protocols = ['https:'],
    connectTimeoutMs = 5_000,
    idleTimeoutMs = 30_000,
    resolve = (host) => lookup(host, { all: true }),
  }: LinkOptions = {}) {
    this.privateHosts = new Set(privateHosts.map((host) => host.toLowerCase()));
    this.protocols = protocols;
    this.resolve = resolve;
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
    this.resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined || !addresses.every(({ address }) => this.isAllowed(host, address)))
          return done(Object.assign(new Error(NOT_PUBLIC), { code: NOT_PUBLIC }), []);
        if (all) done(null, addresses);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, []),
    );
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
