/** The middle one, the mean of the two middle ones of an even number. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
}

/** p50, p95 and p99 by nearest rank; null of nothing. */
export function quantiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/**
 * One line of the report. `ours` and `floors` are runs in turns, each `{value, p50, p95, p99}`; the ratio is that of the medians.
 * `target` is `{ratio}` or `{ratioAtMost}`, `{atLeast}` or `{atMost}` in the unit of the value, and may ask for a p99 too: `{p99AtMost}`, or `{p99OfFloor: true}`.
 */
export function resultOf(scenario, { unit, ours, floors = [], target = {} }) {
  const value = median(ours.map(({ value: one }) => one));
  const floor = floors.length === 0 ? null : median(floors.map(({ value: one }) => one));
  const [p50, p95, p99] = ['p50', 'p95', 'p99'].map((name) => medianOrNull(ours, name));
  const floorP99 = medianOrNull(floors, 'p99');
  const ratio = floor === null ? null : value / floor;
  const checks = [
    ...(target.ratio === undefined ? [] : [ratio >= target.ratio]),
    ...(target.ratioAtMost === undefined ? [] : [ratio <= target.ratioAtMost]),
    ...(target.atLeast === undefined ? [] : [value >= target.atLeast]),
    ...(target.atMost === undefined ? [] : [value <= target.atMost]),
    ...(target.p99AtMost === undefined ? [] : [p99 <= target.p99AtMost]),
    ...(target.p99OfFloor === undefined ? [] : [p99 <= floorP99]),
  ];
  const met = checks.length === 0 ? null : checks.every(Boolean);
  return { scenario, ratio, value, unit, floor, p50, p95, p99, floorP99, target: describe(target, unit), met };
}

function medianOrNull(runs, name) {
  const values = runs.map((run) => run[name]).filter((value) => typeof value === 'number');
  return values.length === 0 ? null : median(values);
}

function describe(target, unit) {
  const words = [
    ...(target.ratio === undefined ? [] : [`≥ ${target.ratio} × floor`]),
    ...(target.ratioAtMost === undefined ? [] : [`≤ ${target.ratioAtMost} × floor`]),
    ...(target.atLeast === undefined ? [] : [`≥ ${target.atLeast} ${unit}`]),
    ...(target.atMost === undefined ? [] : [`≤ ${target.atMost} ${unit}`]),
    ...(target.p99AtMost === undefined ? [] : [`p99 ≤ ${target.p99AtMost} ms`]),
    ...(target.p99OfFloor === undefined ? [] : [`p99 ≤ the floor's`]),
  ];
  return words.join(', ') || 'no aim';
}
