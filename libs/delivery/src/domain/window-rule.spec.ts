import { describe, expect, it } from '@jest/globals';
import { type FreeFormFacts, needsWindow } from './window-rule.js';

const text: FreeFormFacts = {
  recipientKind: 'phone',
  windowPolicy: 'enforce',
  usesFallback: false,
  content: { type: 'text', text: { body: 'Hi' } },
};

describe('needsWindow', () => {
  it.each<[string, Partial<FreeFormFacts>, boolean]>([
    ['a text', {}, true],
    ['a reaction', { content: { type: 'reaction' } }, true],
    ['a text to a user id', { recipientKind: 'user' }, true],
    ['a template', { content: { type: 'template' } }, false],
    ['the fallback template', { usesFallback: true }, false],
    ['a text to a group', { recipientKind: 'group' }, false],
    ['what the client leaves to Meta', { windowPolicy: 'trust_meta' }, false],
    ['what was erased', { content: null }, false],
  ])('%s: %s', (_name, facts, needed) => {
    expect(needsWindow({ ...text, ...facts })).toBe(needed);
  });
});
