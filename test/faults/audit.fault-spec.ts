import { describe, expect, it } from '@jest/globals';
import { audit, type Facts, type MessageFact } from './audit.js';

const AN_ATTEMPT = { no: 1, state: 'accepted', fence: 1, rank: 5 };
const aMessage = (overrides: Partial<MessageFact> = {}): MessageFact => ({
  id: 'm',
  state: 'accepted',
  reason: 'answered',
  policy: 'at_least_once',
  fence: 1,
  attempts: [AN_ATTEMPT],
  waRank: 5,
  told: ['queued', 'sending', 'accepted'],
  ...overrides,
});
const facts = (overrides: Partial<Facts> = {}): Facts => ({
  accepted: ['m'],
  messages: [aMessage()],
  sends: [{ attemptId: 'a1.m.1', outcome: 'accepted' }],
  waitingNotifications: 0,
  webhooks: { answered: 3, kept: 3 },
  keys: [['m']],
  strangers: 0,
  leaks: [],
  changedByReplay: 0,
  ...overrides,
});
const TWICE = [
  { attemptId: 'a1.m.1', outcome: 'accepted' },
  { attemptId: 'a1.m.2', outcome: 'accepted' },
] as const;
const two = (first: string): Partial<MessageFact> => ({
  fence: 2,
  attempts: [
    { no: 1, state: first, fence: 1, rank: 0 },
    { no: 2, state: 'accepted', fence: 2, rank: 5 },
  ],
  told: ['queued', 'sending', 'queued', 'sending', 'accepted'],
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
    ['an open attempt', { messages: [aMessage({ attempts: [{ ...AN_ATTEMPT, state: 'uncertain' }] })] }, /^I3 m/],
    ['a stranger', { sends: [...facts().sends, { attemptId: 'a1.x.1', outcome: 'accepted' }] }, /^I4 a1.x.1/],
    ['one attempt twice', { sends: [...facts().sends, ...facts().sends] }, /^I5 a1.m.1/],
    [
      'a second attempt of at_most_once',
      { messages: [aMessage({ policy: 'at_most_once', ...two('abandoned') })] },
      /^I6 m/,
    ],
    ['an attempt after one that was accepted', { messages: [aMessage(two('accepted'))], sends: TWICE }, /^I7 m/],
    ['an attempt of a fence that is not the message’s', { messages: [aMessage({ fence: 0 })] }, /^I8 m/],
    [
      'two attempts of one fence',
      { messages: [aMessage({ ...two('not_sent'), attempts: [AN_ATTEMPT, { ...AN_ATTEMPT, no: 2 }] })] },
      /^I8 m/,
    ],
    ['a rank that fell', { messages: [aMessage({ waRank: 4 })] }, /^I9 m/],
    ['a webhook that is not there', { webhooks: { answered: 3, kept: 2 } }, /^I11 3/],
    ['rows that a replay changes', { changedByReplay: 2 }, /^I12 2/],
    ['a key of two messages', { keys: [['m', 'n']] }, /^I14/],
    ['a message of two keys', { keys: [['m'], ['m']] }, /^I14/],
    ['a row of another client', { strangers: 1 }, /^I15 1/],
    ['a phone number in the queue', { leaks: ['the queue hold a phone number'] }, /^I16/],
    ['an attempt that nothing tells of', { messages: [aMessage({ told: ['queued', 'accepted'] })] }, /^I13 m/],
    ['an end that nothing tells of', { messages: [aMessage({ told: ['queued', 'sending'] })] }, /^I13 m/],
    [
      'a return to the queue that nothing tells of',
      { messages: [aMessage({ ...two('not_sent'), told: ['queued', 'sending', 'sending', 'accepted'] })] },
      /^I13 m/,
    ],
    [
      'a step that is told twice',
      { messages: [aMessage({ told: ['queued', 'sending', 'accepted', 'accepted'] })] },
      /^I13 m/,
    ],
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
