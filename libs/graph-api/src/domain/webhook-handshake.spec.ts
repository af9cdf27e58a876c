import { describe, expect, it } from '@jest/globals';
import { readFixture } from '../fixtures/read-fixture.js';
import { verifyHandshake } from './webhook-handshake.js';

interface Handshake {
  request: { query: Record<string, string> };
  response: { body: string };
}

const { request, response } = JSON.parse(readFixture('webhooks', 'verification_get.json')) as Handshake;
const good = {
  mode: request.query['hub.mode'],
  token: request.query['hub.verify_token'],
  challenge: request.query['hub.challenge'],
};

describe('verifyHandshake', () => {
  it('answers Meta with its challenge', () => {
    expect(verifyHandshake(good, 'fixture-verify-token')).toBe(response.body);
  });

  it.each([
    ['another mode', { mode: 'unsubscribe' }],
    ['no mode', { mode: undefined }],
    ['a wrong token', { token: 'fixture-verify-tokem' }],
    ['a shorter token', { token: 'fixture' }],
    ['no token', { token: undefined }],
    ['a repeated token', { token: ['fixture-verify-token', 'fixture-verify-token'] }],
    ['no challenge', { challenge: undefined }],
    ['an empty challenge', { challenge: '' }],
    ['markup', { challenge: '<script>' }],
    ['a line break', { challenge: '1\n' }],
    ['an endless challenge', { challenge: '1'.repeat(129) }],
  ])('refuses %s', (_name, change) => {
    expect(verifyHandshake({ ...good, ...change }, 'fixture-verify-token')).toBeNull();
  });

  it('refuses everything while no token is set', () => {
    expect(verifyHandshake({ ...good, token: '' }, '')).toBeNull();
  });
});
