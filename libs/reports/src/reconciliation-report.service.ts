import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { checkRange } from './domain/report-range.js';
import {
  readComparisons,
  readReconciledAccounts,
  type ReconciledAccountRow,
  type ReconciliationReportQuery,
  type ReconciliationRow,
} from './queries/reconciliation-report.query.js';

/** What was charged beside what Meta says it billed, and how fresh that is. */
export interface ReconciliationReport {
  rows: ReconciliationRow[];
  accounts: ReconciledAccountRow[];
}

/** Reports where charges and Meta's own figures part. */
@Injectable()
export class ReconciliationReportService {
  constructor(private readonly database: Database) {}

  /** @throws ReportRangeError */
  async read(query: ReconciliationReportQuery): Promise<ReconciliationReport> {
    checkRange(query.from, query.to);
    const [rows, accounts] = await Promise.all([
      readComparisons(this.database, query),
      readReconciledAccounts(this.database, query),
    ]);
    return { rows, accounts };
  }
}
