import { describe, expect, it } from '@jest/globals';
import { escapeFormatting } from './literal-text.js';

describe('escapeFormatting', () => {
  it.each([
    ['Sam', 'Sam'],
    ['*Sam*', '∗Sam∗'],
    ['_Sam_', '＿Sam＿'],
    ['~Sam~', '∼Sam∼'],
    ['`x` ```y```', 'ˋxˋ ˋˋˋyˋˋˋ'],
    ['5 * 3 = 15', '5 * 3 = 15'],
    ['snake_case_name 2*3*4', 'snake_case_name 2*3*4'],
    ['(*a*)', '(∗a∗)'],
    ['> said', '＞ said'],
    ['- one\n* two\n1. three', '‐ one\n* two\n1․ three'.replace('* two', '∗ two')],
    ['a - b > c', 'a - b > c'],
    ['', ''],
  ])('%j: %j', (text, escaped) => expect(escapeFormatting(text)).toBe(escaped));

  it('changes nothing twice', () => {
    for (const text of ['*a* _b_', '> x', '`']) {
      expect(escapeFormatting(escapeFormatting(text))).toBe(escapeFormatting(text));
    }
  });
});
