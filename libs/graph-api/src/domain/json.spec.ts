import { describe, expect, it } from '@jest/globals';
import { asInteger, parseJson } from './json.js';

describe('parseJson', () => {
  it.each([
    ['an id beyond 2^53', '{"id":12345678901234567890}', { id: '12345678901234567890' }],
    ['a negative one', '[-9007199254740993]', ['-9007199254740993']],
    ['the largest safe integer', '{"id": 9007199254740991}', { id: 9007199254740991 }],
    ['digits in quotes', '{"id":"12345678901234567890"}', { id: '12345678901234567890' }],
    ['a fraction', '[1234567890123456.5]', [1234567890123456.5]],
    ['nothing special', '{"a":[0,"",false,null]}', { a: [0, '', false, null] }],
  ])('%s', (_name, text, expected) => {
    expect(parseJson(text)).toEqual(expected);
  });

  it.each(['', '{', 'nope', '<html>', '{"a":1}}', '\u0000', '['.repeat(1_000_000)])(
    'is undefined for text %#',
    (text) => {
      expect(parseJson(text)).toBeUndefined();
    },
  );
});

describe('asInteger', () => {
  it.each([
    [0, 0],
    [-1, -1],
    [2_147_483_647, 2_147_483_647],
    [2_147_483_648, null],
    [1.5, null],
    ['1', null],
    [NaN, null],
  ])('%p gives %p', (value, expected) => {
    expect(asInteger(value)).toBe(expected);
  });
});
