import { describe, expect, it } from '@jest/globals';
import { beyondGrant, hasScope, mayUseSender, type Grant } from './principal.js';
import { isScope } from './scope.js';

const grant = (scopes: Grant['scopes'], senders: Grant['senders'] = 'all'): Grant => ({ scopes, senders });

describe('hasScope', () => {
  it.each([
    [grant(['messages:write']), true],
    [grant(['messages:read']), false],
    [grant(['messages:read', 'messages:write']), true],
    [grant(['all']), true],
    [grant(['operations']), false],
    [grant([]), false],
  ])('%j', (own, expected) => expect(hasScope(own, 'messages:write')).toBe(expected));
});

describe('mayUseSender', () => {
  it.each([
    ['all' as const, true],
    [['1'], true],
    [['2'], false],
    [[], false],
  ])('%j', (senders, expected) => expect(mayUseSender(grant([], senders), '1')).toBe(expected));
});

describe('beyondGrant', () => {
  it.each([
    [grant(['all']), grant(['clients', 'all'], ['1']), { scopes: [], senders: [] }],
    [grant(['clients']), grant(['clients', 'messages:read']), { scopes: ['messages:read'], senders: [] }],
    [grant(['clients', 'media']), grant(['all']), { scopes: ['all'], senders: [] }],
    [grant(['all'], ['1', '2']), grant(['media'], ['2', '3']), { scopes: [], senders: ['3'] }],
    [grant(['all'], ['1']), grant(['media'], 'all'), { scopes: [], senders: 'all' }],
  ])('%j may not give all of %j', (own, wanted, expected) => expect(beyondGrant(own, wanted)).toEqual(expected));
});

describe('isScope', () => {
  it.each([
    ['all', true],
    ['messages:write', true],
    ['messages', false],
    ['', false],
    [7, false],
    [['all'], false],
  ])('%j: %s', (value, expected) => expect(isScope(value)).toBe(expected));
});
