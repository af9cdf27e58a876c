import { describe, expect, it } from '@jest/globals';
import { belowHalf } from './below-half.mjs';

describe('the guard of performance', () => {
  it.each([
    ['what is as fast as recorded', 2, []],
    ['noise', 1.01, []],
    ['a regression', 0.99, ['send: 0.99 × floor, recorded were 2.00']],
    ['a figure without a ratio', null, ['send: not measured']],
  ])('judges %s', (_, ratio, lines) => expect(belowHalf({ send: 2 }, [{ scenario: 'send', ratio }])).toEqual(lines));

  it('misses a scenario that is gone', () => {
    expect(belowHalf({ send: 2 }, [])).toEqual(['send: not measured']);
  });
});
