import { describe, expect, it } from '@jest/globals';
import { fieldPath } from './field-path.js';
import { dropPrototypes, findJsonFlaw, MAX_JSON_DEPTH } from './json-flaw.js';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('findJsonFlaw', () => {
  it.each([
    [{ a: [0, '', false, null, { b: -1.5 }] }],
    [{ a: '😀 \n é', b: 9_007_199_254_740_991, c: 1e15 }],
    [JSON.parse(nested(MAX_JSON_DEPTH))],
    [{ a: { constructor: 1, b: [{ prototype: {} }] } }],
    ['text'],
    [null],
  ])('takes %j', (value) => expect(findJsonFlaw(value)).toBeNull());

  it.each([
    ['{"a":{"b":["x","\\u0000"]}}', 'invalid_text', 'a.b[1]'],
    ['{"a":"\\ud800"}', 'invalid_text', 'a'],
    ['{"a":"\\udc00x"}', 'invalid_text', 'a'],
    ['{"a":{"b\\u0000":1}}', 'invalid_text', 'a'],
    ['{"constructor":1}', 'forbidden_key', 'constructor'],
    ['{"prototype":1}', 'forbidden_key', 'prototype'],
    ['{"a":12345678901234567890}', 'number_out_of_range', 'a'],
    ['{"a":1e400}', 'number_out_of_range', 'a'],
    [nested(MAX_JSON_DEPTH + 1), 'body_too_deep', ''],
    [nested(500_000), 'body_too_deep', ''],
  ])('refuses %.40s', (text, code, field) =>
    expect(findJsonFlaw(JSON.parse(text))).toEqual({ code, field, message: expect.stringMatching(/./) }),
  );
});

describe('dropPrototypes', () => {
  it.each([
    ['{"a":{"__proto__":{"x":1},"b":0}}', '{"a":{"b":0}}'],
    ['[{"__proto__":"\\u0000"}]', '[{}]'],
    ['{"\\u005f_proto__":1,"proto":[]}', '{"proto":[]}'],
  ])('%s', (text, kept) => {
    const value: unknown = JSON.parse(text);
    expect(findJsonFlaw(value)).toBeNull();
    dropPrototypes(value);
    expect(JSON.stringify(value)).toBe(kept);
  });
});

describe('fieldPath', () => {
  it.each([
    [['message', 'text', 'body'], 'message.text.body'],
    [['tags', '3'], 'tags[3]'],
    [['0', 'a'], '[0].a'],
    [['a secret of somebody', 'b'], '….b'],
    [['x'.repeat(65)], '…'],
    [[], ''],
  ])('%j', (names, path) => expect(fieldPath(names)).toBe(path));
});
