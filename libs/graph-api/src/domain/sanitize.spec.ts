import { describe, expect, it } from '@jest/globals';
import { sanitizeJson, sanitizeText, sanitizeTextTo } from './sanitize.js';

describe('sanitizeText', () => {
  it.each([
    ['plain', 'Grüße 🙂', 'Grüße 🙂'],
    ['NUL', 'a\u0000b', 'ab'],
    ['high surrogate', 'a\ud83d', 'a\ufffd'],
    ['low surrogate', '\ude42a', '\ufffda'],
    ['a pair torn by NUL is whole again', '\ud83d\u0000\ude42', '🙂'],
  ])('%s', (_name, text, expected) => {
    expect(sanitizeText(text)).toBe(expected);
  });

  it('leaves no half of a pair where it cuts', () => {
    expect(sanitizeTextTo(2, 'a🙂')).toBe('a\ufffd');
  });
});

describe('sanitizeJson', () => {
  it('reaches texts and keys at every depth and leaves all else alone', () => {
    expect(sanitizeJson({ 'k\u0000': [{ deep: ['x\u0000', 0, false, null, ''] }], n: 1.5 })).toEqual({
      k: [{ deep: ['x', 0, false, null, ''] }],
      n: 1.5,
    });
  });

  it('keeps a member named __proto__ a member', () => {
    const copy = sanitizeJson(JSON.parse('{"__proto__": {"polluted": 1}}')) as object;
    expect(Object.keys(copy)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });

  it('drops what lies too deep', () => {
    const deep: unknown = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000));
    expect(JSON.stringify(sanitizeJson(deep))).toBe(`${'['.repeat(100)}null${']'.repeat(100)}`);
  });
});
