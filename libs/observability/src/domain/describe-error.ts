import { types } from 'node:util';

/** What of an error may be logged: its name, its code, its sentence without values, and where it was thrown. */
export interface ErrorDescription {
  name: string;
  code?: string;
  sentence: string;
  at?: string;
}

/**
 * Describes an error for the log. Errors of drivers and parsers quote what they choked on, so everything quoted and every
 * long number or key is blanked.
 */
export function describeError(error: unknown): ErrorDescription {
  if (!types.isNativeError(error)) return { name: typeof error, sentence: 'a value that is no Error was thrown' };
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
      ? String(error.code)
      : undefined;
  const at = error.stack
    ?.split('\n')
    .find((line) => /^\s+at /.test(line))
    ?.trim();
  return { name: error.name, code, sentence: withoutValues(error.message), at };
}

/** Blanks what may be a value of somebody's: quoted text, digits of a phone number's length, keys and tokens. */
export function withoutValues(sentence: string): string {
  return sentence
    .slice(0, 500)
    .replaceAll(/"[^"]*"?|'[^']*'|`[^`]*`/g, '"…"')
    .replaceAll(/\b(hk_|EA|Bearer )[\w.-]+/g, '…')
    .replaceAll(/[\w+/=-]{25,}/g, '…')
    .replaceAll(/\d[\d ()-]{5,}\d/g, '…');
}
