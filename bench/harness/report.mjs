const round = (value) => {
  if (value === null || value === undefined) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return Number(value.toPrecision(3)).toString();
};

/** The report as two tables: figures against floors and aims, with what could not be measured below, then what each run took and where it was. */
export function printReport({ results, failures, costs, profiles }, { statements: withStatements = false } = {}) {
  console.log('| Scenario | Value | Floor | Ratio | p50, ms | p95, ms | p99, ms | Floor p99 | Aim | Met |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const { scenario, value, unit, floor, ratio, p50, p95, p99, floorP99, target, met } of results) {
    const verdict = met === null ? '–' : met ? 'yes' : 'no';
    const figures = [floor, ratio, p50, p95, p99, floorP99].map(round);
    console.log(`| ${[scenario, `${round(value)} ${unit}`, ...figures, target, verdict].join(' | ')} |`);
  }
  if (failures.length > 0) console.log('');
  for (const { scenario, error } of failures) console.log(`${scenario} was not measured: ${error}`);
  if (costs.length === 0) return;
  console.log(
    '\n| Run | CPU s per 1,000 | WAL bytes per message | Statements per message | Commits per message | Most memory, MiB |',
  );
  console.log('| --- | --- | --- | --- | --- | --- |');
  const pairs = (named) =>
    Object.entries(named)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  for (const { what, cpuSecondsPer1000, walBytesPerMessage, statementsPerMessage, commitsPerMessage, peakMiB } of costs)
    console.log(
      `| ${[what, pairs(cpuSecondsPer1000), walBytesPerMessage, statementsPerMessage, commitsPerMessage, pairs(peakMiB)].join(' | ')} |`,
    );
  for (const { what, process, shares } of profiles) {
    console.log(`\n${what}: % of the processor time of the ${process}`);
    for (const { place, percent } of shares) console.log(`${percent.toFixed(1).padStart(8)}  ${place}`);
  }
  if (!withStatements) return;
  for (const { what, statements } of costs) {
    console.log(`\n${what}: ms of Postgres per 1,000 messages`);
    for (const { query, calls, rows, msPer1000 } of statements)
      console.log(
        `${msPer1000.toFixed(1).padStart(8)}  ${String(calls).padStart(7)} calls ${String(rows).padStart(7)} rows  ${query}`,
      );
  }
}
