import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { explain, type ExplainedFacts, EXPLANATIONS } from './explanations.js';
import { explanationsPage } from './explanations-page.js';

const facts = (overrides: Partial<ExplainedFacts>): ExplainedFacts => ({
  state: 'queued',
  reason: 'new',
  status: null,
  isPresumedDropped: false,
  code: null,
  isPaused: false,
  ...overrides,
});

describe('the table of words', () => {
  it('says something in every row, and each fact once', () => {
    for (const { title, advice } of EXPLANATIONS) {
      expect(title).toMatch(/^\S.*\S$/);
      expect(advice).toMatch(/^[A-Z].*\.$/);
    }
    const keys = EXPLANATIONS.map(({ state, fact, codeFrom, codeTo }) => `${state} ${fact} ${codeFrom} ${codeTo}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('stands in docs/explanations.md as it is (npm run docs:explanations)', () => {
    expect(readFileSync(new URL('../../../../docs/explanations.md', import.meta.url), 'utf8')).toBe(explanationsPage());
  });
});

describe('a message in words', () => {
  it.each<[string, Partial<ExplainedFacts>, object]>([
    ['one that waits for a worker', {}, { move: 'herald', why: null }],
    [
      'one that a limit holds',
      { reason: 'throttled', code: 130429 },
      { move: 'herald', why: 'Throughput of the number reached' },
    ],
    [
      'one that a pause holds',
      { reason: 'throttled', code: 190, isPaused: true },
      { move: 'operator', advice: expect.stringMatching(/token/i) },
    ],
    ['one without an answer', { state: 'uncertain', reason: 'answer_lost' }, { move: 'meta' }],
    ['one that Meta took', { state: 'accepted', reason: 'answered' }, { move: 'meta' }],
    [
      'one that was read',
      { state: 'accepted', reason: 'answered', status: 'read' },
      { move: 'nobody', what: 'It was delivered and read' },
    ],
    [
      'one that Meta could not deliver',
      { state: 'accepted', reason: 'answered', status: 'failed', code: 131026 },
      { move: 'client' },
    ],
    [
      'one that was presumed dropped',
      { state: 'accepted', reason: 'answered', status: 'sent', isPresumedDropped: true },
      { move: 'client' },
    ],
    [
      'one that was refused',
      { state: 'failed', reason: 'rejected', code: 100 },
      { move: 'client', why: expect.any(String) },
    ],
    ['one that an account problem ended', { state: 'failed', reason: 'rejected', code: 131042 }, { move: 'operator' }],
    [
      'one of a code that nobody knows',
      { state: 'failed', reason: 'rejected', code: 987_654 },
      { move: 'client', why: 'Unknown error after acceptance' },
    ],
    [
      'one of a reason that is newer than the table',
      { reason: 'lost_in_space' },
      { what: 'lost in space', move: 'operator' },
    ],
  ])('%s', (_name, overrides, expected) => {
    expect(explain(facts(overrides))).toMatchObject(expected);
  });
});
