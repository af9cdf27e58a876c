import { describe, expect, it } from '@jest/globals';
import { EnvironmentError } from '#config';
import { exitCodeOf, failureOf } from './exit-code.js';
import { RefusedError, UsageError } from './usage-error.js';

const withCode = (code: string, message = '') => Object.assign(new Error(message), { code });

describe('how a command ends', () => {
  it.each([
    ['help that was asked for', withCode('commander.helpDisplayed'), 0, undefined],
    ['an unknown command', withCode('commander.unknownCommand', 'said already'), 2, undefined],
    ['an option that is missing', withCode('commander.missingMandatoryOptionValue'), 2, undefined],
    ['a wrong value', new UsageError('--id must be a UUID'), 2, '--id must be a UUID'],
    ['something that cannot be done', new RefusedError('There is no such key'), 1, 'There is no such key'],
    [
      'wrong configuration',
      new EnvironmentError(['A is required', 'B is required']),
      1,
      'A is required\nB is required',
    ],
    [
      'no database',
      new AggregateError([withCode('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1')]),
      1,
      'connect ECONNREFUSED 127.0.0.1:1',
    ],
    ['an error without words', withCode('ECONNRESET'), 1, 'ECONNRESET'],
  ])('%s', (_name, error, exitCode, line) => {
    expect(exitCodeOf(error)).toBe(exitCode);
    expect(failureOf(error)).toBe(line);
  });
});
