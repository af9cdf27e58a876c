import { formatMicros } from '#pricing';
import type { SeenConversation, SeenCosts } from './herald-client.js';
import { hasEnded, type Result } from './judge.js';

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

/** What was delivered and what that cost, by category, market and how it was charged; the last line is the total. */
export function priceReport({ rows, totals }: SeenCosts): string {
  const amount = (micros: number, currency: string) => `${formatMicros(BigInt(micros))} ${currency}`;
  return table([
    ['CATEGORY', 'MARKET', 'CHARGED', 'MESSAGES', 'AMOUNT'],
    ...rows.map(({ category, market, mark, messages, amountMicros, currency }) => [
      category,
      market ?? '-',
      mark,
      messages,
      amount(amountMicros, currency),
    ]),
    ...totals.map(({ messages, amountMicros, currency }) => [
      '',
      '',
      'total',
      messages,
      amount(amountMicros, currency),
    ]),
  ]);
}

/** Conversations by kind, state and how often their end moved, with when the first opened and the last ends. */
export function windowsTable(conversations: readonly SeenConversation[]): string {
  const groups = Map.groupBy(conversations, ({ kind, state, extendedCount }) => `${kind} ${state} ${extendedCount}`);
  const rows = [...groups.values()].map((all) => {
    const { kind = '', state = '', extendedCount = 0 } = all[0] ?? {};
    const opened = all.map(({ openedAt }) => openedAt).toSorted();
    const ends = all.map(({ expiresAt }) => expiresAt).toSorted();
    return [kind, state, extendedCount, all.length, opened[0] ?? '', ends.at(-1) ?? ''];
  });
  return table([['KIND', 'STATE', 'EXTENDED', 'CONTACTS', 'FIRST OPENED', 'LAST ENDS'], ...rows]);
}

/** From the request to the last thing that Herald learnt of the message. */
function durationMs({ message, facts }: Pick<Result, 'message' | 'facts'>): number {
  const last = Math.max(...facts.map(({ at }) => Date.parse(at)), Date.parse(message.createdAt));
  return last - Date.parse(message.createdAt);
}
