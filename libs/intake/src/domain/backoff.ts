const BASE_MS = 1_000;
const CAP_MS = 60_000;

/** Full jitter before an item is tried again, ms: anything up to 1 s × 2^tries, at most a minute. */
export const backoffMs = (tries: number, random: number) => Math.round(random * Math.min(CAP_MS, BASE_MS * 2 ** tries));
