import { describe, expect, it } from '@jest/globals';
import { formatMicros, parseMicros } from './money.js';

describe('parseMicros', () => {
  it.each<[string, bigint | null]>([
    ['0.0618', 61_800n],
    ['0', 0n],
    ['12', 12_000_000n],
    ['0.000001', 1n],
    ['0.0000005', 1n],
    ['0.00000049999', 0n],
    ['0.0412345', 41_235n],
    ['0.0412344999', 41_234n],
    ['0.9999995', 1_000_000n],
    ['123456789.123456', 123_456_789_123_456n],
    ['', null],
    ['.5', null],
    ['5.', null],
    ['-1', null],
    ['1,5', null],
    ['1e3', null],
    ['1234567890', null],
  ])('%s is %s', (text, micros) => expect(parseMicros(text)).toBe(micros));
});

describe('formatMicros', () => {
  it.each([
    [61_800n, '0.061800'],
    [0n, '0.000000'],
    [-300n, '-0.000300'],
    [-1_000_001n, '-1.000001'],
    [9_007_199_254_740_993_000_001n, '9007199254740993.000001'],
  ])('%s is %s', (micros, text) => expect(formatMicros(micros)).toBe(text));
});
