import { expect, it } from '@jest/globals';
import { toCsv } from './to-csv.js';

it.each(['=1+1', '+1', '-1', '@SUM(A1)'])('%s is no formula in a cell', (text) =>
  expect(toCsv(['tag'], [[text]])).toBe(`tag\r\n'${text}\r\n`),
);

it('quotes what needs it, and leaves out what is not known', () =>
  expect(
    toCsv(
      ['tag', 'messages'],
      [
        ['a "b", c', 2],
        [null, 0],
      ],
    ),
  ).toBe('tag,messages\r\n"a ""b"", c",2\r\n,0\r\n'));

it.each(['a\n=1', 'a\r=1', 'a;=1', 'a\t=1'])('what follows a line break or separator in %j begins no cell', (text) =>
  expect(toCsv(['tag'], [[text]])).toBe(`tag\r\n"${text}"\r\n`),
);
