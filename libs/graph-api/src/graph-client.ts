import { Pool } from 'undici';
import { asObject, parseJson } from './domain/json.js';
import type { MetaMessage } from './domain/message-types.js';
import { buildReadReceipt, classifyReceipt, type ReceiptOutcome } from './domain/read-receipt.js';
import type { MetaApi } from './domain/send-request.js';
import { classifySendResult, type SendObservation, type SendOutcome } from './domain/send-outcome.js';
import { exchange } from './exchange.js';

/** Where Graph is and how long to wait for it. Times are ms. */
export interface GraphClientOptions {
  /** `https://graph.facebook.com`, or any other server that speaks Meta's shapes. */
  baseUrl: string;
  /** `v25.0` */
  version: string;
  /** Requests in flight at once; more wait in our own queue. */
  connections?: number;
  connectTimeoutMs?: number;
  /** From `send` to the first byte. A request that found no connection by then is withdrawn: `not_sent`. */
  queueTimeoutMs?: number;
  /** From `send` to the last byte of the answer. Under the attempt's lease by a wide margin (delivery-protocol §5). */
  totalTimeoutMs?: number;
  /** A longer answer is cut off there. */
  maxAnswerBytes?: number;
}

const DEFAULTS = {
  connections: 200,
  connectTimeoutMs: 5_000,
  queueTimeoutMs: 10_000,
  totalTimeoutMs: 30_000,
  maxAnswerBytes: 256 * 1024,
};

/** An idle connection is given up before Meta is likely to close it: a write into a closing one ends `uncertain`. */
const KEEP_ALIVE_MS = 4_000;

/** One send. `body` comes from `buildSendBody`. */
export interface GraphSend {
  phoneNumberId: string;
  accessToken: string;
  body: MetaMessage;
  api?: MetaApi;
  /** Do not write after this instant of the `performance.now()` clock: the write guard of the attempt's lease. */
  writeByMs?: number;
}

/** One read receipt, with or without a typing indicator. */
export interface GraphReceipt {
  phoneNumberId: string;
  accessToken: string;
  wamid: string;
  typing: boolean;
}

/** A read of a node of Graph. `path` is an id, or an id and an edge. */
export interface GraphRead {
  path: string;
  query?: Readonly<Record<string, string>>;
  accessToken: string;
}

/** What a read gave: the object, or why there is none; `code` is Meta's, if it said one. */
export type GraphReadResult =
  { kind: 'read'; body: Readonly<Record<string, unknown>> } | { kind: 'not_read'; reason: string; code: number | null };

/** Sends messages through the Graph API over kept-alive connections: no redirects, no retries, one write per call. */
export class GraphClient {
  private readonly options: GraphClientOptions & typeof DEFAULTS;
  private readonly pool: Pool;
  private readonly root: string;

  constructor(options: GraphClientOptions) {
    this.options = { ...DEFAULTS, ...options };
    const { origin, pathname } = new URL(options.baseUrl);
    this.root = `${pathname.replace(/\/+$/, '')}/${options.version}`;
    this.pool = new Pool(origin, {
      connections: this.options.connections,
      connect: { timeout: this.options.connectTimeoutMs },
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // The exchange keeps its own time, from queue to last byte.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** What became of one attempt. Whatever Meta answers, and whatever the network does, is returned; nothing is thrown. */
  async send(request: GraphSend): Promise<SendOutcome> {
    return classifySendResult(await this.observe(request), [request.accessToken]);
  }

  /** Marks a message of a contact as read. May be repeated without harm; nothing is thrown. */
  async markRead({ wamid, typing, ...sender }: GraphReceipt): Promise<ReceiptOutcome> {
    return classifyReceipt(await this.observe({ ...sender, body: buildReadReceipt(wamid, { typing }) }));
  }

  /** Reads a node. Whatever Meta answers, and whatever the network does, is returned; nothing is thrown. */
  async read({ path, query = {}, accessToken }: GraphRead): Promise<GraphReadResult> {
    const now = performance.now();
    const { queueTimeoutMs, totalTimeoutMs, maxAnswerBytes } = this.options;
    const observation = await exchange(
      this.pool,
      {
        method: 'GET',
        path: `${this.root}/${path}?${new URLSearchParams(query).toString()}`,
        headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
      },
      { writeByMs: now + queueTimeoutMs, answerByMs: now + totalTimeoutMs, maxAnswerBytes },
    );
    return readResult(observation);
  }

  /** Waits for the requests in flight, then closes every connection. */
  async close(): Promise<void> {
    await this.pool.close();
  }

  private async observe({
    phoneNumberId,
    accessToken,
    body,
    api = 'messages',
    writeByMs,
  }: GraphSend): Promise<SendObservation> {
    const text = serialise(body);
    if (text === null || !/^\d+$/.test(phoneNumberId) || !/^[\x21-\x7e]+$/.test(accessToken))
      return { kind: 'not_built' };
    const now = performance.now();
    const { queueTimeoutMs, totalTimeoutMs, maxAnswerBytes } = this.options;
    return exchange(
      this.pool,
      {
        method: 'POST',
        path: `${this.root}/${phoneNumberId}/${api}`,
        headers: {
          authorization: `Bearer ${accessToken}`,
          'content-type': 'application/json',
          accept: 'application/json',
        },
        body: text,
      },
      {
        writeByMs: Math.min(now + queueTimeoutMs, writeByMs ?? Infinity),
        answerByMs: now + totalTimeoutMs,
        maxAnswerBytes,
      },
    );
  }
}

function readResult(observation: SendObservation): GraphReadResult {
  if (observation.kind !== 'answered')
    return { kind: 'not_read', reason: 'code' in observation ? observation.code : observation.kind, code: null };
  const body = asObject(parseJson(observation.body ?? ''));
  if (observation.httpStatus === 200 && body !== null) return { kind: 'read', body };
  const code = asObject(body?.['error'])?.['code'];
  return {
    kind: 'not_read',
    reason: `http_${observation.httpStatus}`,
    code: typeof code === 'number' ? code : null,
  };
}

function serialise(body: MetaMessage): string | null {
  try {
    return JSON.stringify(body);
  } catch {
    return null;
  }
}
