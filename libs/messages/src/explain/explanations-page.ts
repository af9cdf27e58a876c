import { EXPLANATIONS, type ExplanationRow } from './explanations.js';

/** docs/explanations.md: every row of the table of words. */
export function explanationsPage(): string {
  const ofStates = EXPLANATIONS.filter(({ state }) => state !== '*');
  const ofCodes = EXPLANATIONS.filter(({ state }) => state === '*');
  return [
    '# What a message says of itself',
    '',
    'Generated from `libs/messages/src/explain/` by `npm run docs:explanations`. The API (`explanation` of a message and of its timeline), the',
    'CLI (`message show`) and the SQL view `message_explained` say the same words. *Move* is whose turn it is.',
    '',
    '## By state and reason',
    '',
    ...table(
      ['State', 'Reason or status', 'Move', 'What happened', 'What to do'],
      ofStates,
      ({ state, fact, move, title, advice }) => [state, `\`${fact}\``, move, title, advice],
    ),
    '',
    '## By Meta’s code',
    '',
    'The move is that of a message that ended with the code; while one waits, Herald tries again by itself, or an operator lifts the pause.',
    '',
    ...table(['Code', 'Move', 'Why', 'What to do'], ofCodes, ({ codeFrom, codeTo, move, title, advice }) => [
      codeFrom === null ? 'any other' : codeFrom === codeTo ? String(codeFrom) : `${codeFrom} to ${codeTo}`,
      move,
      title,
      advice,
    ]),
    '',
  ].join('\n');
}

function table(
  columns: readonly string[],
  rows: readonly ExplanationRow[],
  cells: (row: ExplanationRow) => readonly string[],
): string[] {
  const line = (texts: readonly string[]) => `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(cells(row)))];
}
