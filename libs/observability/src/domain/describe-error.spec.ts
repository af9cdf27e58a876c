import { describe, expect, it } from '@jest/globals';
import { describeError, withoutValues } from './describe-error.js';

describe('withoutValues', () => {
  it.each([
    ['invalid input syntax for type uuid: "canary text"', 'invalid input syntax for type uuid: "…"'],
    ['could not send to +15550100001', 'could not send to +…'],
    ['could not send to (555) 010-0001 now', 'could not send to (… now'],
    ['token EAAcanary123 refused', 'token … refused'],
    ['key hk_abc refused', 'key … refused'],
    ['Unexpected end of JSON: "{ canary', 'Unexpected end of JSON: "…"'],
  ])('%s', (sentence, expected) => {
    const result = withoutValues(sentence);
    expect(result).toBe(expected);
    expect(result).not.toMatch(/canary|\d{4}/);
  });
});

describe('describeError', () => {
  it('keeps the name, the code and the place', () => {
    const error = Object.assign(new RangeError('too long'), { code: '22001' });
    expect(describeError(error)).toEqual({
      name: 'RangeError',
      code: '22001',
      sentence: 'too long',
      at: expect.stringContaining('at '),
    });
  });

  it('says nothing of a thrown value', () => {
    expect(JSON.stringify(describeError('canary'))).not.toContain('canary');
  });
});
