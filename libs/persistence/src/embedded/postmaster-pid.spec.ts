import { describe, expect, it } from '@jest/globals';
import { parsePostmasterPid } from './postmaster-pid.js';

describe('parsePostmasterPid', () => {
  it.each([
    [
      'a running server',
      '4711\n/data\n1790000000\n54321\n\n127.0.0.1\n  1234 5\nready   \n',
      { pid: 4711, port: 54321 },
    ],
    ['a server that is just starting', '4711\n/data\n', { pid: 4711, port: undefined }],
    ['an empty file', '', undefined],
    ['something else', 'hello\n', undefined],
    ['a pid that would name a process group', '-1\n/data\n', undefined],
  ])('reads %s', (_, text, expected) => {
    expect(parsePostmasterPid(text)).toEqual(expected);
  });
});
