import { Injectable } from '@nestjs/common';
import { GraphAnalytics, type PricingPoint } from '#graph-api';
import { Database } from '#persistence';
import { SenderDirectory } from '#senders';
import { addDays, localDate, startOfDay } from '../domain/local-date.js';
import { marketOfCountry } from '../domain/market.js';
import { compare, comparedAs, type Comparison, type MetaFigures } from './domain/compare.js';
import type { DayRange } from './domain/range.js';
import { NO_MARKET, readChargedFigures } from './queries/charged-figures.query.js';
import { noteRun } from './queries/reconciliation-run.query.js';
import { type Account, storeComparison } from './queries/store-comparison.query.js';

/** The days of an account side by side, or why Meta's figures could not be had. */
export type ComparedAccount = { kind: 'compared'; rows: Comparison[] } | { kind: 'not_compared'; reason: string };

/** Puts what an account was charged beside what Meta says it billed, and keeps both. */
@Injectable()
export class CompareAccountService {
  constructor(
    private readonly database: Database,
    private readonly graph: GraphAnalytics,
    private readonly senders: SenderDirectory,
  ) {}

  /** Compares days anew; what stood of them goes. A failure keeps what stood, and is noted. */
  async compare(account: Account, range: DayRange): Promise<ComparedAccount> {
    const { wabaId, timezone } = account;
    const accessToken = await this.senders.accessTokenOfWaba(wabaId);
    const [start, end] = [range.from, addDays(range.to, 1)].map((day) => startOfDay(day, timezone).getTime() / 1_000);
    const read =
      accessToken === null
        ? ({ kind: 'not_read', reason: 'no_sender' } as const)
        : await this.graph.pricing(wabaId, accessToken, start ?? 0, end ?? 0);
    if (read.kind === 'not_read') {
      await noteRun(this.database, wabaId, read.reason);
      return { kind: 'not_compared', reason: read.reason };
    }
    const metas = read.points.map((point) => figuresOf(point, timezone));
    const asked = metas.filter(({ day }) => range.from <= day && day <= range.to);
    const rows = await this.database.transaction(async (tx) => {
      await noteRun(tx, wabaId, null);
      const compared = compare(await readChargedFigures(tx, wabaId, range), asked);
      await storeComparison(tx, account, range, compared);
      return compared;
    });
    return { kind: 'compared', rows };
  }
}

function figuresOf(
  { start, country, category, type, volume, costMicros }: PricingPoint,
  timezone: string,
): MetaFigures {
  const day = localDate(new Date(start * 1_000), timezone);
  const market = country === null ? NO_MARKET : marketOfCountry(country, day);
  return { day, market, country, ...comparedAs(category, type), messages: volume, amountMicros: costMicros };
}
