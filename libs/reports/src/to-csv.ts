import { stringify } from 'csv-stringify/sync';

/**
 * Rows as CSV (RFC 4180) with a heading. A cell that a spreadsheet would take for a formula is quoted with an apostrophe before it.
 */
export function toCsv(columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify([...rows], {
    header: true,
    columns: [...columns],
    escape_formulas: true,
    // A lone line break ends a row for most readers, a semicolon or tab a cell for some.
    quoted_match: /[\r\n\t;]/,
    record_delimiter: 'windows',
  });
}
