import type { Report } from './domain/report-query.js';
import { toCsv } from './to-csv.js';

/** A report as CSV; headings are its columns in snake_case, booleans `true` and `false`. */
export const reportCsv = ({ columns, rows }: Report): string =>
  toCsv(
    columns.map((column) => column.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
    rows.map((row) =>
      columns.map((column) => {
        const value = row[column] ?? null;
        return typeof value === 'boolean' ? String(value) : value;
      }),
    ),
  );
