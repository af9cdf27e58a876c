/** Deeper values are dropped: nothing Meta sends comes near, and neither our recursion nor Postgres' parser may be exhausted. */
const MAX_DEPTH = 100;

/** Text that Postgres can store: without NUL characters, each lone surrogate replaced by U+FFFD. */
export function sanitizeText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

/** `sanitizeText`, and no longer than `maxLength` UTF-16 units. */
export function sanitizeTextTo(maxLength: number, text: string): string {
  return sanitizeText(text).slice(0, maxLength).toWellFormed();
}

/**
 * A copy of a JSON value that a jsonb column can store: every text and every key sanitized, at every depth. What lies
 * more than 100 levels deep becomes null.
 */
export function sanitizeJson(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return sanitizeText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => sanitizeJson(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [sanitizeText(key), sanitizeJson(item, depth + 1)]),
  );
}
