import { describe, expect, it } from '@jest/globals';
import { statusRank } from './status-rank.js';

describe('statusRank', () => {
  it.each([
    ['sent', 2],
    ['failed', 3],
    ['delivered', 4],
    ['read', 5],
    ['played', 6],
    ['deleted', 0],
    ['warning', 0],
    ['beamed', 0],
    ['constructor', 0],
  ])('%s is %i', (status, rank) => {
    expect(statusRank(status)).toBe(rank);
  });
});
