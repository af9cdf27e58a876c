import { describe, expect, it } from '@jest/globals';
import { readMessagingLimit, readThroughput } from './sender-limits.js';

describe('a messaging limit', () => {
  it.each([
    ['TIER_50', 50],
    ['TIER_250', 250],
    ['TIER_2K', 2_000],
    ['TIER_10K', 10_000],
    ['TIER_100K', 100_000],
    ['TIER_UNLIMITED', null],
    ['UNLIMITED', null],
    [2_000, 2_000],
    [-1, null],
    ['-1', null],
    [0, 0],
    [2_147_483_647, 2_147_483_647],
    [2_147_483_648, null],
    ['TIER_NOT_SET', undefined],
    ['NOT_SET', undefined],
    [undefined, undefined],
    [1.5, undefined],
    [{}, undefined],
  ])('%j is %p', (value, expected) => {
    expect(readMessagingLimit(value)).toBe(expected);
  });
});

describe('a throughput', () => {
  it.each([
    [{ level: 'STANDARD', isOnBizApp: false }, 80],
    [{ level: 'HIGH', isOnBizApp: false }, 1_000],
    [{ level: 'STANDARD', isOnBizApp: true }, 20],
    [{ level: 'NOT_APPLICABLE', isOnBizApp: false }, undefined],
    [{ level: undefined, isOnBizApp: false }, undefined],
  ])('of %j is %p', (read, expected) => {
    expect(readThroughput(read)).toBe(expected);
  });
});
