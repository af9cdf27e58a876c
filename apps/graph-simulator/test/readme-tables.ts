import { ERROR_CATALOG } from '../src/domain/error-catalog.js';
import { SCENARIOS } from '../src/domain/recipient-scenarios.js';
import { PROCESS_SETTINGS, SETTINGS } from '../src/settings.js';

/** Rows of cells, as they stand in a markdown table without its head. */
export type Table = string[][];

/** Recipient number, scenario name, parameter, what it does. */
export function scenarioTable(): Table {
  return SCENARIOS.map(({ numbers, name, parameter, does }) => [
    `+1 555 ${numbers}`,
    `\`${name}\``,
    parameter === null ? '' : `n = ${parameter}`,
    does,
  ]);
}

/** Index, code, HTTP status, title. */
export function errorTable(): Table {
  return ERROR_CATALOG.map(({ index, code, httpStatus, title }) => [
    String(index).padStart(3, '0'),
    String(code),
    String(httpStatus),
    title,
  ]);
}

/** Environment name, control API name, default, meaning. */
export function settingTable(): Table {
  const changeable = Object.entries(SETTINGS).map(([key, { env, fallback, says }]) => [
    env,
    `\`${key}\``,
    fallback,
    says,
  ]);
  const fixed = Object.values(PROCESS_SETTINGS).map(({ env, fallback, says }) => [env, '', fallback, says]);
  return [...changeable, ...fixed].map(([env, key, fallback, says]) => [
    `\`${String(env)}\``,
    String(key),
    String(fallback) === '' ? '' : `\`${String(fallback)}\``,
    String(says),
  ]);
}

/** All table rows of a markdown text, cells trimmed. */
export function rowsOf(markdown: string): Table {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
