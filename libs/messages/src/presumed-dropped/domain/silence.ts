const MINUTE_MS = 60_000;
const MOST_TTL_SECONDS = 30 * 86_400;
/** Meta's word for the longest time of an authentication or utility template. */
const LONGEST = -1;

/**
 * How long Meta may say nothing of a message before it counts as dropped, ms: the time that the message's template gives it,
 * and a tenth more, at least five minutes (delivery protocol §3).
 *
 * @param ttlSeconds `message_send_ttl_seconds` of a template
 */
export function silenceOf(ttlSeconds: number): number {
  const ttlMs = (ttlSeconds === LONGEST ? MOST_TTL_SECONDS : ttlSeconds) * 1_000;
  return ttlMs + Math.max(ttlMs / 10, 5 * MINUTE_MS);
}

/** Messages that one sweep marks when it finds them silent: those that wait no longer than it does. */
export interface DroppedSweep {
  /** What its mark is kept under. */
  name: string;
  silentMs: number;
  /** Whether it marks authentication, and other messages, whose template says nothing of its time. */
  marksAuthentication: boolean;
  marksOthers: boolean;
  /** The times of templates that it marks, s. */
  ttls: number[];
}

/**
 * One sweep for each length of silence that occurs, the shortest first. A sweep also marks what a shorter one would have marked:
 * a template may have got its time after that one went by.
 */
export function sweepsOf(
  silence: { authenticationMs: number; othersMs: number },
  ttls: readonly number[],
): DroppedSweep[] {
  const sweeps = [
    { name: 'authentication', silentMs: silence.authenticationMs },
    { name: 'other', silentMs: silence.othersMs },
    ...ttls.map((ttl) => ({ name: `ttl:${ttl}`, silentMs: silenceOf(ttl) })),
  ];
  return sweeps
    .map((sweep) => ({
      ...sweep,
      marksAuthentication: silence.authenticationMs <= sweep.silentMs,
      marksOthers: silence.othersMs <= sweep.silentMs,
      ttls: ttls.filter((ttl) => silenceOf(ttl) <= sweep.silentMs),
    }))
    .sort((a, b) => a.silentMs - b.silentMs);
}
