import { describe, expect, it } from '@jest/globals';
import { hashRequest } from './request-hash.js';

const post = (body: unknown) => hashRequest({ method: 'POST', route: '/v1/messages', body }).toString('hex');

describe('hashRequest', () => {
  it('is a SHA-256', () => expect(hashRequest({ method: 'POST', route: '/', body: {} })).toHaveLength(32));

  it.each([
    [
      { a: 1, b: { c: 2, d: 3 } },
      { b: { d: 3, c: 2 }, a: 1 },
    ],
    [{ a: 1.0 }, JSON.parse('{"a":1e0}') as object],
    [undefined, undefined],
  ])('%j and %j are one request', (one, other) => expect(post(one)).toBe(post(other)));

  it.each([
    [{ a: 1 }, { a: '1' }],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: null }, {}],
    [{ a: '' }, { a: null }],
    [{}, []],
  ])('%j and %j are two', (one, other) => expect(post(one)).not.toBe(post(other)));

  it('tells methods and routes apart', () => {
    const of = (method: string, route: string) => hashRequest({ method, route, body: {} }).toString('hex');
    expect(new Set([of('POST', '/a'), of('PUT', '/a'), of('POST', '/b')]).size).toBe(3);
    expect(of('post', '/a')).toBe(of('POST', '/a'));
  });
});
