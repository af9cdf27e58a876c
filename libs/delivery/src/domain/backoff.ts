const CAP_MS = 15 * 60_000;

/**
 * Full jitter (delivery protocol §7), ms: anything up to base × 2^(n−1), at most 15 minutes.
 *
 * | n | 1 | 2 | 3 | 4 | 5 | 6 | 7 |
 * |---|---|---|---|---|---|---|---|
 * | at most, base 2 s | 2 s | 4 s | 8 s | 16 s | 32 s | 64 s | 128 s |
 */
export function backoffMs(n: number, { random, retryBaseMs }: { random: number; retryBaseMs: number }): number {
  return Math.round(random * Math.min(CAP_MS, retryBaseMs * 2 ** (n - 1)));
}
