import { eventually } from '#testing';
import { call } from './http.js';

/** A send that reached the simulator: the oracle of what left Herald. */
export interface LoggedSend {
  seq: number;
  at: string;
  attemptId: string | null;
  phoneNumberId: string;
  recipient: string | null;
  type: string | null;
  scenario: string | null;
  outcome: 'accepted' | 'refused' | 'dropped';
  code: number | null;
  wamid: string | null;
}

interface Stats {
  requests: Record<LoggedSend['outcome'], number>;
  redirectsFollowed: number;
  /** Statuses `failed`, by code. */
  failedStatuses: Record<string, number>;
  webhooks: Record<string, number>;
  isIdle: boolean;
}

/** The control API of the simulator. */
export class Simulator {
  constructor(readonly url: string) {}

  /** Every send that arrived, oldest first. */
  async log(): Promise<LoggedSend[]> {
    return (await this.control<{ requests: LoggedSend[] }>('GET', '/requests?limit=1000000')).requests;
  }

  stats(): Promise<Stats> {
    return this.control('GET', '/stats');
  }

  async change(settings: object): Promise<void> {
    await this.control('PATCH', '/settings', settings);
  }

  /** Gives a number another scenario than its own. */
  async assign(recipient: string, scenario: string, parameter?: number): Promise<void> {
    await this.control('PUT', `/recipients/${recipient}`, { scenario, parameter });
  }

  /** A customer writes; the webhook is delivered, too. @returns the wamid */
  async inbound(message: object): Promise<string> {
    return (await this.control<{ wamid: string }>('POST', '/inbound', message)).wamid;
  }

  /** Posts any webhook, signed. */
  async webhook(notification: object): Promise<void> {
    await this.control('POST', '/webhooks', notification);
  }

  /** Holds webhooks back, so that nothing settles by a status, until `resume`. */
  async pauseWebhooks(): Promise<void> {
    await this.control('POST', '/webhooks/pause');
  }

  async resumeWebhooks(): Promise<void> {
    await this.control('POST', '/webhooks/resume');
  }

  /** Waits until this many sends have arrived. */
  async arrived(count: number): Promise<void> {
    const hasArrived = async () => {
      const { accepted, refused, dropped } = (await this.stats()).requests;
      return accepted + refused + dropped >= count;
    };
    await eventually(hasArrived, { timeoutMs: 120_000 + 10 * count });
  }

  /** Waits until every answer is written and every webhook delivered. */
  async idle(): Promise<void> {
    await this.control('POST', '/wait-idle', { timeoutMs: 60_000 });
  }

  private async control<Body>(method: string, path: string, body?: object): Promise<Body> {
    const answer = await call<Body>(method, `${this.url}/_simulator${path}`, { body, timeoutMs: 40_000 });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }
}
