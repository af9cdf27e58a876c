import { Pool } from 'undici';
import { asArray, asObject, asText, parseJson } from './domain/json.js';
import { exchange } from './exchange.js';

/** Where Graph is, and how long to wait for it, ms. */
export interface GraphSubscriptionsOptions {
  baseUrl: string;
  version: string;
  connectTimeoutMs?: number;
  totalTimeoutMs?: number;
}

/** Ids of the apps that hear of an account, or why they are not known. */
export type SubscribedApps = { kind: 'known'; appIds: string[] } | { kind: 'unknown'; reason: string };

const MAX_ANSWER = 256 * 1024;

/** `/{waba-id}/subscribed_apps`: Meta sends webhooks of an account to the apps that are subscribed to it, and to no other. */
export class GraphSubscriptions {
  private readonly pool: Pool;
  private readonly root: string;
  private readonly totalTimeoutMs: number;

  constructor({ baseUrl, version, connectTimeoutMs = 5_000, totalTimeoutMs = 30_000 }: GraphSubscriptionsOptions) {
    const { origin, pathname } = new URL(baseUrl);
    this.root = `${pathname.replace(/\/+$/, '')}/${version}`;
    this.totalTimeoutMs = totalTimeoutMs;
    this.pool = new Pool(origin, { connections: 1, connect: { timeout: connectTimeoutMs } });
  }

  /** The apps that are subscribed to an account. */
  async list(wabaId: string, accessToken: string): Promise<SubscribedApps> {
    const answer = await this.call('GET', wabaId, accessToken);
    if (typeof answer === 'string') return { kind: 'unknown', reason: answer };
    const ids = asArray(answer['data']).map((row) =>
      asText(asObject(asObject(row)?.['whatsapp_business_api_data'])?.['id']),
    );
    return { kind: 'known', appIds: ids.filter((id) => id !== null) };
  }

  /** Subscribes the app of the token. @returns null when it is done, else why it is not */
  async subscribe(wabaId: string, accessToken: string): Promise<string | null> {
    const answer = await this.call('POST', wabaId, accessToken);
    if (typeof answer === 'string') return answer;
    return answer['success'] === true ? null : 'no_success';
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  /** @returns the answer, or a word for why there is none: nothing that Meta wrote */
  private async call(method: 'GET' | 'POST', wabaId: string, accessToken: string) {
    const byMs = performance.now() + this.totalTimeoutMs;
    const observation = await exchange(
      this.pool,
      {
        method,
        path: `${this.root}/${encodeURIComponent(wabaId)}/subscribed_apps`,
        headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
      },
      { writeByMs: byMs, answerByMs: byMs, maxAnswerBytes: MAX_ANSWER },
    );
    if (observation.kind !== 'answered') return 'code' in observation ? observation.code : observation.kind;
    const answer = asObject(parseJson(observation.body ?? ''));
    if (observation.httpStatus < 300 && answer !== null) return answer;
    const code = asObject(answer?.['error'])?.['code'];
    return typeof code === 'number' ? `code ${code}` : `HTTP ${observation.httpStatus}`;
  }
}
