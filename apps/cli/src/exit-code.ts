import { EnvironmentError } from '#config';
import { UsageError } from './usage-error.js';

/** 0 after `--help`, 2 when the command was called wrongly, 1 when it could not be done. */
export function exitCodeOf(error: unknown): 0 | 1 | 2 {
  if (error instanceof UsageError) return 2;
  const code = codeOf(error);
  if (code === 'commander.helpDisplayed') return 0;
  return code?.startsWith('commander.') ? 2 : 1;
}

/** What to say of a failure, in a line; undefined when it has been said already. */
export function failureOf(error: unknown): string | undefined {
  if (codeOf(error)?.startsWith('commander.')) return undefined;
  if (error instanceof EnvironmentError) return error.message;
  if (!(error instanceof Error)) return String(error);
  // Of a database that cannot be reached there is only a code, one for each address that was tried.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return error.message || (first instanceof Error ? first.message : (codeOf(error) ?? error.name));
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
