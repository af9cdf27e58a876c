import { request } from 'undici';
import type { LoggedRequest } from '../src/request-log.js';
import type { Environment } from '../src/settings.js';
import type { SimulatorStats } from '../src/simulator.js';
import { startSimulator } from '../src/start.js';
import { WebhookReceiver } from './webhook-receiver.js';

export const PHONE_NUMBER_ID = '800000000000001';
export const WABA_ID = '900000000000001';
export const APP_SECRET = 'test-app-secret';

/** An HTTP answer. */
export interface Answered {
  httpStatus: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** A send answer: Meta's success or error body. */
export interface SendAnswer {
  messages?: { id?: string; message_status?: string }[];
  contacts?: { input: string; wa_id?: string }[];
  error?: { code: number; message: string; error_data?: { details: string } };
  success?: boolean;
}

const QUICK = {
  SIMULATOR_SENT_DELAY_MS: '20',
  SIMULATOR_DELIVERED_DELAY_MS: '60',
  SIMULATOR_READ_DELAY_MS: '100',
  SIMULATOR_REDELIVER_EVERY_MS: '50',
};

/** A simulator that listens and a webhook endpoint that it posts to. */
export class World {
  private constructor(
    readonly url: string,
    readonly webhook: WebhookReceiver,
    readonly webhookPort: number,
    private readonly closeSimulator: () => Promise<void>,
  ) {}

  static async start(environment: Environment = {}): Promise<World> {
    const webhook = new WebhookReceiver();
    const webhookPort = await webhook.listen();
    const { url, close } = await startSimulator({
      ...QUICK,
      SIMULATOR_WEBHOOK_URL: `http://127.0.0.1:${webhookPort}/webhooks/whatsapp`,
      META_APP_SECRET: APP_SECRET,
      ...environment,
    });
    return new World(url, webhook, webhookPort, close);
  }

  /** Any request; rejects when the connection breaks or nothing comes for `timeoutMs`. */
  async call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    options: CallOptions = {},
  ): Promise<Answered> {
    const { body, token = 'any-token', timeoutMs = 10_000 } = options;
    const answer = await request(`${this.url}${path}`, {
      method,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { httpStatus: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  }

  /** Reads a Graph path as JSON. */
  async get<T>(path: string, options: CallOptions = {}): Promise<T> {
    return JSON.parse((await this.call('GET', path, options)).text) as T;
  }

  /** Uses the control API; rejects when it refuses. */
  async control<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T> {
    const { httpStatus, text } = await this.call(method, `/_simulator${path}`, {
      body,
      token: null,
      timeoutMs: 40_000,
    });
    if (httpStatus !== 200) throw new Error(`${httpStatus} ${text}`);
    return JSON.parse(text) as T;
  }

  /** Sends a body as it is. */
  async send(
    body: object,
    api = 'messages',
    options: CallOptions = {},
  ): Promise<{ httpStatus: number; answer: SendAnswer }> {
    const { httpStatus, text } = await this.call('POST', `/v25.0/${PHONE_NUMBER_ID}/${api}`, { body, ...options });
    return { httpStatus, answer: JSON.parse(text) as SendAnswer };
  }

  /** The customer wrote, so free-form messages are allowed; the webhook is not told. */
  async openWindow(recipient: string): Promise<void> {
    await this.control('POST', '/inbound', { from: recipient, deliver: false });
  }

  /** Waits until all webhooks are delivered. */
  async idle(): Promise<void> {
    await this.control('POST', '/wait-idle', { timeoutMs: 30_000 });
  }

  async stats(): Promise<SimulatorStats> {
    return this.control('GET', '/stats');
  }

  async log(query = ''): Promise<LoggedRequest[]> {
    return (await this.control<{ requests: LoggedRequest[] }>('GET', `/requests${query}`)).requests;
  }

  async close(): Promise<void> {
    await this.closeSimulator();
    await this.webhook.close();
  }
}

interface CallOptions {
  body?: object;
  /** null sends none. */
  token?: string | null;
  timeoutMs?: number;
}

/** A text message to one recipient. */
export function aText(to: string, attemptId?: string): object {
  const callbackData = attemptId === undefined ? {} : { biz_opaque_callback_data: attemptId };
  return { messaging_product: 'whatsapp', to, type: 'text', text: { body: 'Hello' }, ...callbackData };
}

/** A template message to one recipient. */
export function aTemplate(to: string, name = 'hello_customer'): object {
  return { messaging_product: 'whatsapp', to, type: 'template', template: { name, language: { code: 'en_US' } } };
}
