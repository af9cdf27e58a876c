import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#persistence';
import type {
  DeliveryDimension,
  FailureDimension,
  LatencyDimension,
  WindowDimension,
} from './domain/report-dimensions.js';
import type { Report, ReportQuery } from './domain/report-query.js';
import { checkRange, MAX_COUNTED_DAYS, MAX_REPORT_DAYS } from './domain/report-range.js';
import { readDelivery } from './queries/delivery-report.query.js';
import { readFailures } from './queries/failure-report.query.js';
import { readLatency } from './queries/latency-report.query.js';
import { readLimitsHistory } from './queries/limits-history.query.js';
import { readLimitFigures, readQueueFigures } from './queries/present-reports.query.js';
import { readWindowFigures } from './queries/window-report.query.js';

/** Reports over days, each with what it can be grouped by. */
interface Queries {
  delivery: ReportQuery<DeliveryDimension>;
  failures: ReportQuery<FailureDimension>;
  latency: ReportQuery<LatencyDimension>;
  windows: ReportQuery<WindowDimension>;
}

const READERS: { [Name in keyof Queries]: (tx: Pick<Tx, 'query'>, query: Queries[Name]) => Promise<Report> } = {
  delivery: readDelivery,
  failures: readFailures,
  latency: readLatency,
  windows: readWindowFigures,
};

/** Reports of what present rows say, without a range. */
const PRESENT = { limits: readLimitFigures, queue: readQueueFigures };

/** Figures over many messages, on the senders that the reader may see. */
@Injectable()
export class ReadReportService {
  constructor(private readonly database: Database) {}

  /**
   * By tag, a message with two tags counts under both.
   * @throws ReportRangeError
   */
  async read<Name extends keyof Queries>(name: Name, query: Queries[Name]): Promise<Report> {
    const isCounted = name === 'windows' || query.groupBy.some((dimension) => dimension === 'tag');
    checkRange(query.from, query.to, isCounted ? MAX_COUNTED_DAYS : MAX_REPORT_DAYS);
    return READERS[name](this.database, query);
  }

  /**
   * How limits and quality changed. An account's are those of who may see any of its senders.
   * @throws ReportRangeError
   */
  async readLimitsHistory(query: Omit<ReportQuery<string>, 'groupBy'>): Promise<Report> {
    checkRange(query.from, query.to);
    return readLimitsHistory(this.database, query);
  }

  /** What is true now. */
  async readPresent(name: keyof typeof PRESENT, senders: ReportQuery<string>['senders']): Promise<Report> {
    return PRESENT[name](this.database, { senders });
  }
}
