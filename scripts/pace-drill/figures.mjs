/** The value that a share of the others does not exceed. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** The most moments (ms) in any second. */
export function mostInASecond(moments) {
  const sorted = [...moments].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [i, at] of sorted.entries()) {
    while (sorted[first] <= at - 1_000) first += 1;
    most = Math.max(most, i - first + 1);
  }
  return most;
}

export const seconds = (ms) => `${(ms / 1_000).toFixed(2)} s`;

/** The message of an attempt's name. */
export const messageOf = (attemptId) => /^a1\.(.+)\.\d+$/.exec(attemptId ?? '')?.[1];
