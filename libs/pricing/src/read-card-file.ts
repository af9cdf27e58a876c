import { parse } from 'csv-parse/sync';
import type { CardLine, LineProblem } from './domain/rate-card.js';

/** Meta's largest card has under 100 lines; this leaves room for tiers. */
const MAX_LINES = 10_000;

interface Parsed {
  record: string[];
  info: { lines: number };
}

/** The lines of a CSV file, empty ones left out, with or without a byte order mark. */
export function readCardFile(file: LineProblem['file'], csv: string): { lines: CardLine[]; problems: LineProblem[] } {
  try {
    const records = parse(csv, { bom: true, relax_column_count: true, skip_empty_lines: true, info: true }) as unknown;
    const lines = (records as Parsed[]).map(({ record, info }) => ({ line: info.lines, cells: record }));
    if (lines.length > MAX_LINES) return problem(file, MAX_LINES, `more than ${MAX_LINES} lines`);
    return { lines, problems: [] };
  } catch (error) {
    const { lines = 1, message } = error as Error & { lines?: number };
    return problem(file, lines, message);
  }
}

const problem = (file: LineProblem['file'], line: number, text: string) => ({
  lines: [],
  problems: [{ file, line, problem: text }],
});
