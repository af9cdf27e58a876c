/** One send that arrived at the simulator. */
export interface LoggedSend {
  /** The attempt id that Herald gave it. */
  attemptId: string | null;
  recipient: string;
  outcome: 'accepted' | 'refused' | 'dropped';
}

/** The control side of the simulator. */
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
