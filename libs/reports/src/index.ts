export { CostReportService, type CostReport, type CostReportRow, type CostTotal } from './cost-report.service.js';
export {
  COST_DIMENSIONS,
  type CostDimension,
  DELIVERY_DIMENSIONS,
  type DeliveryDimension,
  FAILURE_DIMENSIONS,
  type FailureDimension,
  LATENCY_DIMENSIONS,
  type LatencyDimension,
  WINDOW_DIMENSIONS,
  type WindowDimension,
} from './domain/report-dimensions.js';
export type { Report, ReportQuery, ReportRow } from './domain/report-query.js';
export { MAX_COUNTED_DAYS, MAX_REPORT_DAYS, ReportRangeError } from './domain/report-range.js';
export { ReadReportService } from './read-report.service.js';
export { ReaderNotGrantedError } from './reader/reader.errors.js';
export { READER_ROLE, SetUpReaderService } from './reader/set-up-reader.service.js';
export { reportCsv } from './report-csv.js';
export type { ReconciledAccountRow, ReconciliationRow } from './queries/reconciliation-report.query.js';
export { type ReconciliationReport, ReconciliationReportService } from './reconciliation-report.service.js';
export { ReportsModule } from './reports.module.js';
export { RefreshRollupsService } from './rollups/refresh-rollups.service.js';
export { toCsv } from './to-csv.js';
