import { describe, expect, it } from '@jest/globals';
import { tally } from './tally.mjs';

const result = (numPassedTests, numFailedTests = 0, more = {}) => ({
  numPassedTests,
  numFailedTests,
  numRuntimeErrorTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  ...more,
});

describe('tally', () => {
  it.each([
    [
      'adds up the runs',
      [
        [result(3), 0],
        [result(2), 0],
      ],
      { passed: 5, failed: 0, skipped: 0 },
    ],
    [
      'counts failed tests',
      [
        [result(3, 2), 1],
        [result(1), 0],
      ],
      { passed: 4, failed: 2, skipped: 0 },
    ],
    [
      'counts a suite that does not load',
      [[result(3, 0, { numRuntimeErrorTestSuites: 1 }), 1]],
      { passed: 3, failed: 1, skipped: 0 },
    ],
    [
      'counts a run without a result',
      [
        [result(3), 0],
        [undefined, 1],
      ],
      { passed: 3, failed: 1, skipped: 0 },
    ],
    ['counts a run that ends badly after green tests', [[result(3), 7]], { passed: 3, failed: 1, skipped: 0 }],
    ['counts a suite in which nothing ran', [[result(0), 0]], { passed: 0, failed: 1, skipped: 0 }],
    [
      'says what was skipped',
      [[result(3, 0, { numPendingTests: 1, numTodoTests: 1 }), 0]],
      { passed: 3, failed: 0, skipped: 2 },
    ],
  ])('%s', (_, runs, expected) => {
    expect(tally(runs.map(([jestResult, exitCode]) => ({ result: jestResult, exitCode })))).toEqual(expected);
  });
});
