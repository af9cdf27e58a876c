import { randomUUID } from 'node:crypto';
import { SAMPLE_RATE_CARD, sampleRateCardCsv } from '#pricing';
import { SIMULATED_SENDER } from '../stack/ready-access.js';
import type { Sample } from './sample.js';

/** What the demo reads of a message. */
export interface SeenMessage {
  id: string;
  state: string;
  status: string | null;
  attempts: number;
  error: { code: number | string; title: string } | null;
  createdAt: string;
  cost: { amountMicros: number; currency: string; charges: { explanation: string }[] } | null;
}

/** What the demo reads of the report of costs. */
export interface SeenCosts {
  rows: {
    category: string;
    market: string | null;
    mark: string;
    currency: string;
    messages: number;
    amountMicros: number;
  }[];
  totals: { currency: string; messages: number; amountMicros: number }[];
}

/** What the demo reads of a conversation. */
export interface SeenConversation {
  contact: string;
  kind: string;
  state: string;
  openedAt: string;
  lastHeardAt: string | null;
  expiresAt: string;
  extendedCount: number;
}

/** What the demo reads of a fact in a message's life. */
export interface SeenFact {
  at: string;
  kind: 'event' | 'attempt' | 'status';
  what: string;
  details: { pricing?: { category?: string; type?: string } };
}

/** Herald as its callers see it: HTTP and an API key. */
export class HeraldClient {
  constructor(
    private readonly url: string,
    private readonly apiKey: string,
  ) {}

  /** Asks for a sample to be sent, and gives the id of its message; once more with the same key when the sample says so. */
  async send({ to, message, isRepeated = false }: Sample): Promise<string> {
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ from: SIMULATED_SENDER.phoneNumberId, to, message, tags: ['demo'] }),
    };
    const { id } = await this.call<{ id: string }>('/v1/messages', request);
    if (isRepeated) {
      const repeated = await this.call<{ id: string }>('/v1/messages', request);
      if (repeated.id !== id) throw new Error(`The repeated request made another message: ${repeated.id}, not ${id}`);
    }
    return id;
  }

  /** Every message, by its id. */
  async messages(): Promise<Map<string, SeenMessage>> {
    const messages = await this.pages<SeenMessage>('/v1/messages');
    return new Map(messages.map((message) => [message.id, message]));
  }

  /** Every conversation, those that opened last first. */
  async conversations(): Promise<SeenConversation[]> {
    return this.pages<SeenConversation>('/v1/conversations');
  }

  /** Every fact of a message, in the order in which Herald learnt of them. */
  async timeline(id: string): Promise<SeenFact[]> {
    return (await this.call<{ data: SeenFact[] }>(`/v1/messages/${id}/timeline`)).data;
  }

  /** Brings in the rate card that Herald ships as a sample. */
  async importSampleRates(): Promise<void> {
    await this.call('/v1/rate-cards', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...SAMPLE_RATE_CARD, isOfficial: false, csv: sampleRateCardCsv() }),
    });
  }

  /** What was delivered today (and yesterday: it may be past midnight), by category, market and how it was charged. */
  async costs(now: Date): Promise<SeenCosts> {
    const day = (at: number) => new Date(at).toISOString().slice(0, 10);
    const [from, to] = [day(now.getTime() - 86_400_000), day(now.getTime())];
    return this.call(`/v1/reports/pricing?from=${from}&to=${to}&groupBy=category,market,mark`);
  }

  private async pages<T>(path: string): Promise<T[]> {
    const seen: T[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { data: T[]; nextCursor: string | null } = await this.call(
        `${path}?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      seen.push(...page.data);
      cursor = page.nextCursor;
    }
    return seen;
  }

  private async call<T>(path: string, init: RequestInit = {}): Promise<T> {
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${this.apiKey}` };
    const answer = await fetch(this.url + path, { ...init, headers });
    if (!answer.ok)
      throw new Error(`${init.method ?? 'GET'} ${path} was answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
