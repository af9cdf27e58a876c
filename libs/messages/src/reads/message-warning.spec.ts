import { describe, expect, it } from '@jest/globals';
import { warningsOf } from './message-warning.js';

const at = new Date(1_790_856_000_000);
const warning = (errors: unknown) => ({ ts: 1_790_856_000, errors });

describe('warningsOf', () => {
  it.each([
    ['nothing', null, []],
    ['no reason', [warning(null)], [{ at, code: 'warning', title: 'Meta warned of it', details: null }]],
    [
      'Meta’s words',
      [warning([{ code: 1_999_999, title: 'Odd', error_data: { details: 'sku-2' } }])],
      [{ at, code: 1_999_999, title: 'Odd', details: 'sku-2' }],
    ],
    [
      'our words for a code that we know',
      [warning([{ code: 131000, title: 'x' }])],
      [{ at, code: 131000, title: expect.not.stringMatching(/^x$/), details: null }],
    ],
    [
      'several reasons',
      [warning([{ code: 1_999_998, message: 'a' }, { title: 'b' }])],
      [
        { code: 1_999_998, title: 'a' },
        { code: 'warning', title: 'b' },
      ],
    ],
    ['reasons of another shape', [warning([null, 'x', { code: {} }])], [{ at }, { at }, { at }]],
  ])('of %s', (_name, warnings, expected) => {
    expect(warningsOf({ acceptedAttempts: 1, warnings })).toMatchObject(expected);
    expect(warningsOf({ acceptedAttempts: 1, warnings })).toHaveLength(expected.length);
  });
});
