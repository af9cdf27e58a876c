/** A longer wish is cut: a broken header must not stop a lane for good. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Milliseconds to wait, from a `Retry-After` header in either form (seconds or an HTTP date); undefined when absent or
 * unreadable. `nowMs` is the wall clock in milliseconds. Not part of the Cloud API's contract, honoured where it comes.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const waitMs = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), MAX_RETRY_AFTER_MS);
}
