import { describe, expect, it } from '@jest/globals';
import { type FallbackFacts, goesAsFallback } from './goes-as-fallback.js';

const now = new Date('2026-11-29T12:00:00Z');
const facts: FallbackFacts = {
  type: 'text',
  recipientKind: 'phone',
  windowPolicy: 'enforce',
  windowFallback: {},
  sendAt: null,
};

describe('goesAsFallback', () => {
  it.each<[string, Partial<FallbackFacts>, 'open' | 'closed' | 'unknown', boolean]>([
    ['a closed window', {}, 'closed', true],
    ['due already', { sendAt: now }, 'closed', true],
    ['not due yet', { sendAt: new Date(now.getTime() + 1) }, 'closed', false],
    ['an open window', {}, 'open', false],
    ['a window that is not known', {}, 'unknown', false],
    ['without a fallback', { windowFallback: null }, 'closed', false],
    ['a template', { type: 'template' }, 'closed', false],
    ['a group', { recipientKind: 'group' }, 'closed', false],
    ['left to Meta', { windowPolicy: 'trust_meta' }, 'closed', false],
  ])('%s', (_name, change, window, expected) => {
    expect(goesAsFallback({ ...facts, ...change }, window, now)).toBe(expected);
  });
});
