import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import type { CostReportQuery } from './domain/cost-report-query.js';
import { checkRange } from './domain/report-range.js';
import { type CostReportRow, readAdjustments, readCosts, type TierAdjustmentRow } from './queries/cost-report.query.js';

export type { CostReportQuery } from './domain/cost-report-query.js';
export type { CostReportRow } from './queries/cost-report.query.js';

/** All of one currency; micro-units. */
export interface CostTotal {
  currency: string;
  messages: number;
  amountMicros: number;
}

/** What messages cost, and why totals are what they are: tiers of whole months are put right apart from the messages. */
export interface CostReport {
  rows: CostReportRow[];
  /** Of months that begin within the range. */
  adjustments: TierAdjustmentRow[];
  totals: CostTotal[];
}

/** What delivered messages cost, those that other systems sent from our numbers included. */
@Injectable()
export class CostReportService {
  constructor(private readonly database: Database) {}

  /**
   * By tag, a message with two tags counts under both, so that rows may add up to more than the totals.
   * @throws ReportRangeError
   */
  async read(query: CostReportQuery): Promise<CostReport> {
    checkRange(query.from, query.to);
    const [rows, whole, adjustments] = await Promise.all([
      readCosts(this.database, query),
      readCosts(this.database, { ...query, groupBy: [] }),
      readAdjustments(this.database, query),
    ]);
    const totals = whole.map(({ currency, messages, amountMicros }) => ({
      currency,
      messages,
      amountMicros: adjustments
        .filter((adjustment) => adjustment.currency === currency)
        .reduce((total, adjustment) => total + adjustment.amountMicros, amountMicros),
    }));
    return { rows, adjustments, totals };
  }
}
