/** What to report. Days are of each WABA's own time zone, both ends inclusive. */
export interface ReportQuery<Dimension extends string> {
  from: string;
  to: string;
  groupBy: readonly Dimension[];
  /** Phone number ids that the reader may see. */
  senders: 'all' | readonly string[];
}

/** Figures of one group. Dimensions that were not asked for are missing; what a group has no value for is null. */
export type ReportRow = Record<string, string | number | boolean | null>;

/** Figures as a table: `columns` name what each row has, in the order in which a reader wants it. */
export interface Report {
  columns: readonly string[];
  rows: ReportRow[];
}
