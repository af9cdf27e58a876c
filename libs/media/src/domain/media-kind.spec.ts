import { describe, expect, it } from '@jest/globals';
import { isAnimatedWebp, kindOf, limitOf, MAX_MEDIA_BYTES } from './media-kind.js';

describe('the kind of a file', () => {
  it.each([
    ['image/jpeg', 'image'],
    ['IMAGE/PNG', 'image'],
    ['image/webp', 'sticker'],
    ['video/3gpp', 'video'],
    ['audio/ogg; codecs=opus', 'audio'],
    ['application/pdf', 'document'],
    ['text/plain;charset=utf-8', 'document'],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'document'],
    ['image/gif', null],
    ['video/webm', null],
    ['audio/wav', null],
    ['application/octet-stream', null],
    ['multipart/mixed', null],
    ['jpeg', null],
    ['constructor', null],
    ['a/b/c', null],
    ['', null],
  ])('of type %s is %s', (type, kind) => expect(kindOf(type)).toBe(kind));
});

describe('the limit', () => {
  it.each([
    ['image', false, 5_242_880],
    ['video', false, 16_777_216],
    ['audio', false, 16_777_216],
    ['document', false, 104_857_600],
    ['sticker', false, 102_400],
    ['sticker', true, 512_000],
  ] as const)('of %s (animated %s) is %d', (kind, isAnimated, limit) => expect(limitOf(kind, isAnimated)).toBe(limit));

  it('of all is that of a document', () => expect(MAX_MEDIA_BYTES).toBe(104_857_600));
});

describe('a WebP', () => {
  const webp = (chunk: string, flags: number) =>
    Buffer.concat([Buffer.from(`RIFF....WEBP${chunk}....`, 'latin1'), Buffer.from([flags, 0, 0])]);
  it.each([
    ['with the animation flag', webp('VP8X', 0x12), true],
    ['with other flags', webp('VP8X', 0x10), false],
    ['of the simple kind', webp('VP8 ', 0x02), false],
    ['cut short', webp('VP8X', 0x02).subarray(0, 20), false],
    ['that is none', Buffer.alloc(30, 0x02), false],
  ])('%s', (_what, head, isAnimated) => expect(isAnimatedWebp(head)).toBe(isAnimated));
});
