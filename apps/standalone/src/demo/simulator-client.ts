/** One send that arrived at the simulator. */
export interface LoggedSend {
  /** The attempt id that Herald gave it. */
  attemptId: string | null;
  recipient: string;
  outcome: 'accepted' | 'refused' | 'dropped';
}

/** What Meta says it billed. */
export interface Billed {
  messages: number;
  amountMicros: number;
}

interface PricingAnalytics {
  data: { data_points: { volume: number; cost: number }[] }[];
}

const DAY = 86_400;

/** The control side of the simulator, and what Meta tells of itself. */
export class SimulatorClient {
  constructor(private readonly url: string) {}

  /** A customer writes to the business. */
  async inbound(from: string): Promise<void> {
    await this.call('/inbound', { from, text: 'Hello' });
  }

  /** Waits until every answer is written and every webhook delivered. */
  async untilIdle(timeoutMs: number): Promise<boolean> {
    return (await this.call<{ idle: boolean }>('/wait-idle', { timeoutMs })).idle;
  }

  /** Every send that arrived, in order. */
  async sends(): Promise<LoggedSend[]> {
    return (await this.call<{ requests: LoggedSend[] }>('/requests?limit=10000')).requests;
  }

  /** What Meta's own analytics say was billed since yesterday began, UTC: messages, and their cost in micro-units. */
  async billed({ wabaId, accessToken }: { wabaId: string; accessToken: string }, now: Date): Promise<Billed> {
    const end = Math.floor(now.getTime() / 1_000) + DAY;
    const start = Math.floor(end / DAY) * DAY - 2 * DAY;
    const fields = `pricing_analytics.start(${start}).end(${end}).granularity(DAILY).dimensions(["PRICING_CATEGORY"])`;
    const answer = await fetch(`${this.url}/v25.0/${wabaId}?fields=${encodeURIComponent(fields)}`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    if (!answer.ok) throw new Error(`The simulator answered pricing_analytics with ${answer.status}`);
    const { pricing_analytics } = (await answer.json()) as { pricing_analytics: PricingAnalytics };
    const points = pricing_analytics.data.flatMap(({ data_points }) => data_points);
    return {
      messages: points.reduce((sum, { volume }) => sum + volume, 0),
      amountMicros: points.reduce((sum, { cost }) => sum + Math.round(cost * 1e6), 0),
    };
  }

  private async call<T>(path: string, body?: object): Promise<T> {
    const init = body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    const answer = await fetch(`${this.url}/_simulator${path}`, init);
    if (!answer.ok) throw new Error(`The simulator answered ${path} with ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
