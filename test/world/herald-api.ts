import { call, type HttpAnswer, type HttpCall } from './http.js';
import { SENDER } from './senders.js';

/** A message as `GET /v1/messages/{id}` shows it: the part that journeys look at. */
export interface MessageView {
  id: string;
  from: string;
  to: string;
  type: string;
  message: object | null;
  state: string;
  status: string | null;
  error: { code: number | string; title: string; advice: string } | null;
  warnings: { code: string }[];
  waWamid: string | null;
  attempts: number;
  waitsFor: string | null;
  waitsUntil: string | null;
  sentAt: string | null;
  deliveredAt: string | null;
  readAt: string | null;
  failedAt: string | null;
}

/** A line of `GET /v1/messages/{id}/timeline`. */
export interface TimelineEntry {
  at: string;
  kind: 'event' | 'attempt' | 'status';
  what: string;
  who: string;
  why: string | null;
  attempt: number | null;
  details: Record<string, unknown>;
}

/** A problem+json body. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: { field: string; code: string; message: string }[];
  messageId?: string;
}

/** Herald's API, used with one key (null: none). */
export class HeraldApi {
  constructor(
    readonly url: string,
    readonly key: string | null,
  ) {}

  /** Any request; whatever it answers. */
  call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    options: HttpCall = {},
  ): Promise<HttpAnswer<Body>> {
    const authorization: Record<string, string> = this.key === null ? {} : { authorization: `Bearer ${this.key}` };
    return call<Body>(method, this.url + path, { ...options, headers: { ...authorization, ...options.headers } });
  }

  /** `POST /v1/messages` that must be accepted. @returns its id */
  async send(message: object, headers: Record<string, string> = {}): Promise<string> {
    const { status, json, text } = await this.call<{ id: string }>('POST', '/v1/messages', { body: message, headers });
    if (status !== 202) throw new Error(`${status} ${text}`);
    return json.id;
  }

  /** Sends all of these at once. @returns their ids, in order */
  sendAll(messages: object[]): Promise<string[]> {
    return Promise.all(messages.map((message) => this.send(message)));
  }

  async message(id: string): Promise<MessageView> {
    return this.read<MessageView>(`/v1/messages/${encodeURIComponent(id)}`);
  }

  async timeline(id: string): Promise<TimelineEntry[]> {
    return (await this.read<{ data: TimelineEntry[] }>(`/v1/messages/${id}/timeline`)).data;
  }

  /** `POST` that must succeed. */
  async create<Body>(path: string, body: object): Promise<Body> {
    const { status, json, text } = await this.call<Body>('POST', path, { body });
    if (status !== 201) throw new Error(`${status} ${text}`);
    return json;
  }

  private async read<Body>(path: string): Promise<Body> {
    const { status, json, text } = await this.call<Body>('GET', path);
    if (status !== 200) throw new Error(`${status} ${text}`);
    return json;
  }
}

/** A text to one recipient, from the first sender; `overrides` are other fields of the request. */
export const aText = (to: string, overrides: object = {}) => ({
  from: SENDER,
  to,
  message: { type: 'text', text: { body: 'Your table is ready' } },
  ...overrides,
});

/** A template without parameters. */
export const aTemplate = (to: string, name = 'hello_world', overrides: object = {}) => ({
  from: SENDER,
  to,
  message: { type: 'template', template: { name, language: { code: 'en_US' } } },
  ...overrides,
});
