/**
 * Adds up Jest's results, one `{ result, exitCode }` a run. A suite that does not load, a run that gives no result, one that
 * ends badly without a failed test, and a suite in which nothing ran are failures too: none of them may look green.
 */
export function tally(runs) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { result, exitCode } of runs) {
    const failed = (result?.numFailedTests ?? 0) + (result?.numRuntimeErrorTestSuites ?? 0);
    total.passed += result?.numPassedTests ?? 0;
    total.skipped += (result?.numPendingTests ?? 0) + (result?.numTodoTests ?? 0);
    total.failed += failed > 0 || (result && exitCode === 0) ? failed : 1;
  }
  return total.passed + total.failed === 0 ? { ...total, failed: 1 } : total;
}
