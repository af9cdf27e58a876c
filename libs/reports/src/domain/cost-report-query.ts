import type { CostDimension } from './cost-dimensions.js';

/** What to report. Days are of each WABA's own time zone, both ends inclusive. */
export interface CostReportQuery {
  from: string;
  to: string;
  groupBy: readonly CostDimension[];
  /** Phone number ids that the reader may see. */
  senders: 'all' | readonly string[];
}
