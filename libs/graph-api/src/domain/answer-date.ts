/** A header that is further from our clock than this is no clock of Meta's, ms. */
const MAX_SKEW_MS = 60 * 60_000;

/**
 * When Meta answered, by its own clock, which webhooks tell time by as well; whole seconds.
 * @param header `Date` of an answer (RFC 9110, §6.6.1)
 * @returns undefined where it tells no time, or none that can be so
 */
export function parseAnswerDate(header: string | undefined, nowMs: number): Date | undefined {
  const at = new Date(header ?? '');
  return Math.abs(at.getTime() - nowMs) <= MAX_SKEW_MS ? at : undefined;
}
