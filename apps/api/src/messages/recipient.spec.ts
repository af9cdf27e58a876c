import { describe, expect, it } from '@jest/globals';
import { recipientDigits } from './recipient.js';

describe('recipientDigits', () => {
  it.each([
    ['+15550100001', '15550100001'],
    ['15550100001', '15550100001'],
    ['+1 (555) 010-0001', '15550100001'],
    ['1234567', '1234567'],
    ['123456789012345', '123456789012345'],
    ['+5215512345678', '5215512345678'],
    ['0015550100001', '0015550100001'],
    ['123456', null],
    ['1234567890123456', null],
    ['+1555010000x', null],
    ['1555.010.0001', null],
    ['+1\u00a0555 010 0001', null],
    ['١٥٥٥٠١٠٠٠٠١', null],
    ['', null],
    ['+', null],
  ])('%s: %s', (written, digits) => expect(recipientDigits(written)).toBe(digits));
});
