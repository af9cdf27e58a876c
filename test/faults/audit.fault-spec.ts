import { describe, expect, it } from '@jest/globals';
import { audit, type Facts, type MessageFact } from './audit.js';

const aMessage = (overrides: Partial<MessageFact> = {}): MessageFact => ({
  id: 'm',
  state: 'accepted',
  reason: 'answered',
  policy: 'at_least_once',
  attempts: [{ no: 1, state: 'accepted' }],
  sendingEvents: 1,
  ...overrides,
});
const facts = (overrides: Partial<Facts> = {}): Facts => ({
  accepted: ['m'],
  messages: [aMessage()],
  sends: [{ attemptId: 'a1.m.1', outcome: 'accepted' }],
  waitingNotifications: 0,
  ...overrides,
});
const TWICE = [
  { attemptId: 'a1.m.1', outcome: 'accepted' },
  { attemptId: 'a1.m.2', outcome: 'accepted' },
] as const;
const two = (first: string) => ({
  attempts: [
    { no: 1, state: first },
    { no: 2, state: 'accepted' },
  ],
  sendingEvents: 2,
});

describe('the audit', () => {
  it('is content when all is well', () => {
    expect(audit(facts())).toEqual({
      violations: [],
      figures: { accepted: 1, sentOnce: 1, duplicates: 0, lost: 0, byEvidence: 0, resent: 0, unknown: 0 },
    });
  });

  it.each<[string, Partial<Facts>, RegExp]>([
    ['a message that is not there', { accepted: ['m', 'n'] }, /^I1 n/],
    ['one that waits', { messages: [aMessage({ state: 'queued' })] }, /^I2 m/],
    ['an open attempt', { messages: [aMessage({ attempts: [{ no: 1, state: 'uncertain' }] })] }, /^I3 m/],
    ['a stranger', { sends: [...facts().sends, { attemptId: 'a1.x.1', outcome: 'accepted' }] }, /^I4 a1.x.1/],
    ['one attempt twice', { sends: [...facts().sends, ...facts().sends] }, /^I5 a1.m.1/],
    [
      'a second attempt of at_most_once',
      { messages: [aMessage({ policy: 'at_most_once', ...two('abandoned') })] },
      /^I6 m/,
    ],
    ['an attempt after one that was accepted', { messages: [aMessage(two('accepted'))], sends: TWICE }, /^I7 m/],
    ['an attempt that nothing tells of', { messages: [aMessage({ sendingEvents: 0 })] }, /^I13 m/],
    ['one that is being sent', { messages: [aMessage({ state: 'sending' })] }, /^I17 m/],
    ['a notification that waits', { waitingNotifications: 1 }, /^I17 1/],
    ['a duplicate', { messages: [aMessage(two('not_sent'))], sends: TWICE }, /^duplicate m/],
    ['a loss', { sends: [] }, /^lost m/],
  ])('finds %s', (_name, overrides, violation) => {
    expect(audit(facts(overrides)).violations).toEqual(expect.arrayContaining([expect.stringMatching(violation)]));
  });

  it('allows a duplicate after an attempt that was abandoned, and counts it', () => {
    const { violations, figures } = audit(facts({ messages: [aMessage(two('abandoned'))], sends: TWICE }));
    expect(violations).toEqual([]);
    expect(figures).toMatchObject({ duplicates: 1, resent: 1 });
  });
});
