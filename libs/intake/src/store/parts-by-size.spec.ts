import { describe, expect, it } from '@jest/globals';
import { partsBySize } from './parts-by-size.js';

describe('partsBySize', () => {
  it.each([
    ['nothing', [], []],
    ['what fits', [3, 3, 4], [[3, 3, 4]]],
    ['a byte too many', [3, 3, 5], [[3, 3], [5]]],
    ['one that is too large alone', [1, 25, 1], [[1], [25], [1]]],
    ['empty items', [0, 10, 0, 1], [[0, 10, 0], [1]]],
  ])('%s', (_name, sizes, parts) => {
    expect(partsBySize(sizes, 10, (size) => size)).toEqual(parts);
  });
});
