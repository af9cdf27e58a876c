import { describe, expect, it } from '@jest/globals';
import { type MetaMessage, readFixture } from '#graph-api';
import { planAcceptance } from './acceptance-policy.js';

const now = new Date('2026-11-22T12:00:00Z');
const inMs = (ms: number) => new Date(now.getTime() + ms);
const DAY = 86_400_000;
const text: MetaMessage = { type: 'text', text: { body: 'hello' } };
const otp = JSON.parse(readFixture('send', 'template_authentication_otp.json')) as MetaMessage;
const utility = JSON.parse(readFixture('send', 'template_body_positional.json')) as MetaMessage;
const urlButton = JSON.parse(readFixture('send', 'template_buttons_quick_reply_url.json')) as MetaMessage;

describe('planAcceptance', () => {
  it('refuses a long one-time password, unless it is known to be none', () => {
    const long = JSON.parse(
      JSON.stringify(otp).replaceAll(/"text":"[^"]*"/g, `"text":"${'1'.repeat(16)}"`),
    ) as MetaMessage;
    expect(() => planAcceptance({ message: long }, now)).toThrow('See errors');
    expect(() => planAcceptance({ message: long, category: 'authentication' }, now)).toThrow('See errors');
    expect(planAcceptance({ message: long, syncedCategory: 'utility' }, now)).toMatchObject({ category: 'utility' });
    expect(planAcceptance({ message: long, category: 'utility' }, now)).toMatchObject({ category: 'utility' });
    expect(() => planAcceptance({ message: otp, recipientKind: 'user' }, now)).toThrow('See errors');
    expect(planAcceptance({ message: utility, recipientKind: 'user' }, now)).toMatchObject({ category: 'utility' });
  });

  it.each([
    [
      'free-form',
      { message: text },
      { category: null, categorySource: null, priority: 'standard', policy: 'at_least_once', ttlMs: DAY },
    ],
    [
      'one-time password',
      { message: otp },
      {
        category: 'authentication',
        categorySource: 'guessed',
        priority: 'urgent',
        policy: 'at_most_once',
        ttlMs: 600_000,
      },
    ],
    [
      'template',
      { message: utility },
      { category: 'utility', categorySource: 'guessed', priority: 'standard', policy: 'at_least_once', ttlMs: DAY },
    ],
    ['template with a url button', { message: urlButton }, { category: 'utility', priority: 'standard' }],
    [
      'marketing by the caller',
      { message: utility, category: 'marketing' },
      { category: 'marketing', categorySource: 'given', priority: 'bulk' },
    ],
    [
      'the caller wins over the guess',
      { message: otp, category: 'utility' },
      { category: 'utility', categorySource: 'given', priority: 'standard', policy: 'at_least_once' },
    ],
    [
      'own wishes',
      { message: otp, priority: 'bulk', deliveryPolicy: 'at_least_once' },
      { priority: 'bulk', policy: 'at_least_once', ttlMs: 600_000 },
    ],
    [
      'a category without a template means nothing',
      { message: text, category: 'marketing' },
      { category: null, priority: 'standard' },
    ],
  ] as const)('%s', (_name, wishes, plan) => {
    expect(planAcceptance(wishes, now)).toMatchObject(plan);
  });

  it.each([
    ['expires before it is sent', { sendAt: inMs(2 * DAY), expiresAt: inMs(DAY) }, 'expiresAt'],
    ['expires when it is sent', { sendAt: inMs(DAY), expiresAt: inMs(DAY) }, 'expiresAt'],
    ['expired already', { expiresAt: inMs(0) }, 'expiresAt'],
    ['expires in 32 days', { expiresAt: inMs(32 * DAY) }, 'expiresAt'],
    ['sent in 31 days', { sendAt: inMs(31 * DAY) }, 'sendAt'],
  ])('refuses what %s', (_name, wishes, field) => {
    expect(() => planAcceptance({ message: text, ...wishes }, now)).toThrow(
      expect.objectContaining({ code: 'invalid_schedule', field }),
    );
  });
});
