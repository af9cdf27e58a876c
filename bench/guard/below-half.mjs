/** A ratio may fall to this part of what is recorded: machines are noisy, and a real regression is not. */
const PART = 0.5;

/**
 * Holds a run of the bench against recorded ratios.
 * @param recorded ratio to the floor by scenario, measured in the same way
 * @param results of `npm run bench -- --json`
 * @returns a line for each scenario that is missing or far below what is recorded, none when all is well
 */
export function belowHalf(recorded, results) {
  const ratios = new Map(results.map(({ scenario, ratio }) => [scenario, ratio]));
  return Object.entries(recorded).flatMap(([scenario, before]) => {
    const ratio = ratios.get(scenario);
    if (typeof ratio !== 'number') return [`${scenario}: not measured`];
    return ratio < before * PART
      ? [`${scenario}: ${ratio.toFixed(2)} × floor, recorded were ${before.toFixed(2)}`]
      : [];
  });
}
