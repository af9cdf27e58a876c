import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import type { CostDimension } from './domain/report-dimensions.js';
import type { ReportQuery } from './domain/report-query.js';
import { checkRange, MAX_COUNTED_DAYS, MAX_REPORT_DAYS } from './domain/report-range.js';
import { type CostReportRow, readAdjustments, readCosts, type TierAdjustmentRow } from './queries/cost-report.query.js';

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
  /** Of months that the range touches; those that are counted are in the totals. */
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
  async read(query: ReportQuery<CostDimension>): Promise<CostReport> {
    checkRange(query.from, query.to, query.groupBy.includes('tag') ? MAX_COUNTED_DAYS : MAX_REPORT_DAYS);
    const isByTag = query.groupBy.includes('tag');
    const [rows, adjustments, whole] = await Promise.all([
      readCosts(this.database, query),
      readAdjustments(this.database, query),
      isByTag ? readCosts(this.database, { ...query, groupBy: [] }) : null,
    ]);
    const totals = new Map<string, CostTotal>();
    for (const { currency, messages, amountMicros } of whole ?? rows) {
      const total = totals.get(currency) ?? {
        currency,
        messages: 0,
        amountMicros: adjustmentIn(currency, adjustments),
      };
      totals.set(currency, {
        currency,
        messages: total.messages + messages,
        amountMicros: total.amountMicros + amountMicros,
      });
    }
    return { rows, adjustments, totals: [...totals.values()] };
  }
}

const adjustmentIn = (currency: string, adjustments: readonly TierAdjustmentRow[]): number =>
  adjustments
    .filter((adjustment) => adjustment.isCounted && adjustment.currency === currency)
    .reduce((total, { amountMicros }) => total + amountMicros, 0);
