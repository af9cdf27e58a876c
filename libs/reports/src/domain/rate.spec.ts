import { expect, it } from '@jest/globals';
import { rate } from './rate.js';

it.each([
  [0, 0, null],
  [0, 3, 0],
  [1, 3, 0.3333],
  [2, 3, 0.6667],
  [3, 3, 1],
])('%i of %i is %p', (part, whole, expected) => expect(rate(part, whole)).toBe(expected));
