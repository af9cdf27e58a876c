export {
  CostReportService,
  type CostReport,
  type CostReportQuery,
  type CostReportRow,
  type CostTotal,
} from './cost-report.service.js';
export { COST_DIMENSIONS, type CostDimension } from './domain/cost-dimensions.js';
export { MAX_REPORT_DAYS, ReportRangeError } from './domain/report-range.js';
export { ReportsModule } from './reports.module.js';
export { toCsv } from './to-csv.js';
