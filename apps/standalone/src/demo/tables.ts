import { countBy, hasEnded, type Result } from './judge.js';

/** Rows of text as columns, the first row as the heading. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => String(cells[column]).length)));
  const line = (cells: readonly (string | number)[]) =>
    cells
      .map((cell, column) =>
        typeof cell === 'number' ? String(cell).padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return rows.map((cells) => `  ${line(cells)}\n`).join('');
}

/** One line a message: what it was, where it went, how it ended and how long that took from request to last status. */
export function messageTable(results: readonly Result[]): string {
  return table([
    ['', 'MESSAGE', 'TYPE', 'TO', 'STATE', 'STATUS', 'ATTEMPTS', 'MS'],
    ...results.map(({ sample, message, facts }) => [
      hasEnded(sample, message) ? '✓' : '✗',
      sample.name,
      sample.message.type,
      sample.to,
      message.state,
      message.error === null ? (message.status ?? '-') : `${message.status ?? '-'} (${message.error.code})`,
      message.attempts,
      durationMs({ message, facts }),
    ]),
  ]);
}

/** How Meta priced what it delivered: messages by category and type. A message counts once, as its last status says. */
export function priceReport(results: readonly Pick<Result, 'facts'>[]): string {
  const prices = results
    .map(({ facts }) => facts.map(({ details }) => details.pricing).findLast((pricing) => pricing !== undefined))
    .filter((pricing) => pricing !== undefined)
    .map(({ category, type }) => `${category ?? '-'}\t${type ?? '-'}`);
  const counted = [...countBy(prices)].sort(([one], [other]) => one.localeCompare(other));
  return table([
    ['CATEGORY', 'TYPE', 'MESSAGES'],
    ...counted.map(([price, messages]) => [...price.split('\t'), messages]),
    ['not priced', '', results.length - prices.length],
  ]);
}

/** From the request to the last thing that Herald learnt of the message. */
function durationMs({ message, facts }: Pick<Result, 'message' | 'facts'>): number {
  const last = Math.max(...facts.map(({ at }) => Date.parse(at)), Date.parse(message.createdAt));
  return last - Date.parse(message.createdAt);
}
