import { type PricingPoint, pricingAnalyticsField, readPricingAnalytics } from './domain/pricing-analytics.js';
import { GraphClient, type GraphClientOptions } from './graph-client.js';

/** What Meta billed, or why it could not be read. */
export type PricingRead = { kind: 'read'; points: PricingPoint[] } | { kind: 'not_read'; reason: string };

const CONNECTIONS = 2;
/** Points of months for every country are long; what is longer is no answer of Graph's, bytes. */
const MAX_ANSWER = 8 * 1024 * 1024;
const MAX_PAGES = 100;

/** Figures that Meta keeps of a business account (Business Management API). Nothing is thrown for what Meta says. */
export class GraphAnalytics {
  private readonly client: GraphClient;

  constructor(options: Pick<GraphClientOptions, 'baseUrl' | 'version' | 'connectTimeoutMs' | 'totalTimeoutMs'>) {
    this.client = new GraphClient({ ...options, connections: CONNECTIONS, maxAnswerBytes: MAX_ANSWER });
  }

  /** What a business account was billed from `start` until `end`, UNIX seconds, by its days. */
  async pricing(wabaId: string, accessToken: string, start: number, end: number): Promise<PricingRead> {
    const points: PricingPoint[] = [];
    let after: string | null = null;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const fields = pricingAnalyticsField(start, end, after);
      const result = await this.client.read({ path: wabaId, query: { fields }, accessToken });
      if (result.kind === 'not_read')
        return { kind: 'not_read', reason: result.code === null ? result.reason : `code_${result.code}` };
      const read = readPricingAnalytics(result.body);
      if (read === null) return { kind: 'not_read', reason: 'no_pricing_analytics' };
      points.push(...read.points);
      if (read.after === null || read.after === after) return { kind: 'read', points };
      after = read.after;
    }
    return { kind: 'not_read', reason: 'too_many_pages' };
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}
