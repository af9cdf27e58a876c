import { describe, expect, it } from '@jest/globals';
import { judgeTemplate } from './template-rule.js';

describe('a template at send time', () => {
  it.each([
    ['APPROVED', 'fine'],
    ['PAUSED', 'paused'],
    ['PENDING', 'paused'],
    ['IN_APPEAL', 'paused'],
    ['LIMIT_EXCEEDED', 'paused'],
    ['DISABLED', 'paused'],
    ['DELETED', 'unusable'],
    ['PENDING_DELETION', 'unusable'],
    ['REJECTED', 'unusable'],
    ['ARCHIVED', 'unusable'],
  ])('that is %s is %s', (status, verdict) => {
    expect(judgeTemplate({ status, category: 'UTILITY', acceptedCategory: null }, 'utility')).toBe(verdict);
  });

  it('of another category waits, until somebody lets it go out under that one', () => {
    const state = { status: 'APPROVED', category: 'MARKETING' };
    expect(judgeTemplate({ ...state, acceptedCategory: null }, 'utility')).toBe('recategorised');
    expect(judgeTemplate({ ...state, acceptedCategory: 'UTILITY' }, 'utility')).toBe('recategorised');
    expect(judgeTemplate({ ...state, acceptedCategory: 'MARKETING' }, 'utility')).toBe('fine');
    expect(judgeTemplate({ ...state, acceptedCategory: null }, 'marketing')).toBe('fine');
    expect(judgeTemplate({ ...state, acceptedCategory: null }, null)).toBe('fine');
  });
});
