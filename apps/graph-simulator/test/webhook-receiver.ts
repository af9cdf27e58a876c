import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One delivery as it came. */
export interface ReceivedWebhook {
  headers: IncomingHttpHeaders;
  raw: Buffer;
}

/** A status or message of a delivery, with what stood around it. */
export interface ReceivedItem {
  value: { contacts?: object[]; statuses?: ReceivedStatus[]; messages?: ReceivedMessage[] };
  status?: ReceivedStatus;
  message?: ReceivedMessage;
}

export interface ReceivedStatus {
  id: string;
  status: string;
  recipient_id?: string;
  biz_opaque_callback_data?: string;
  pricing?: { type: string; category: string };
  conversation?: { id: string; expiration_timestamp?: string; origin: { type: string } };
  errors?: { code: number }[];
}

export interface ReceivedMessage {
  id: string;
  from: string;
  type: string;
  context?: { id: string };
}

interface Body {
  entry: { changes: { value: ReceivedItem['value'] }[] }[];
}

/** A webhook endpoint that keeps what it gets and answers with `httpStatus`. */
export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  httpStatus = 200;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.received.push({ headers: request.headers, raw: Buffer.concat(chunks) });
        response.writeHead(this.httpStatus).end();
      });
    });
  }

  /** Listens, on `port` if one is given, and gives the port. */
  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  /** All statuses and messages in the order they came. */
  items(): ReceivedItem[] {
    return this.received
      .map(({ raw }) => JSON.parse(raw.toString()) as Body)
      .flatMap(({ entry }) => entry)
      .flatMap(({ changes }) => changes)
      .flatMap(({ value }) => [
        ...(value.statuses ?? []).map((status) => ({ value, status })),
        ...(value.messages ?? []).map((message) => ({ value, message })),
      ]);
  }

  /** The statuses of one message in the order they came. */
  statusesOf(wamid: string): ReceivedStatus[] {
    return this.items().flatMap(({ status }) => (status?.id === wamid ? [status] : []));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
