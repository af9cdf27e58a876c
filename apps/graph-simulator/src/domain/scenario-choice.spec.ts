import { describe, expect, it } from '@jest/globals';
import { PLAIN } from './behaviour.js';
import { SCENARIOS } from './recipient-scenarios.js';
import { behaviourOfAttempt, scenarioOfName, scenarioOfNumber } from './scenario-choice.js';

const samples = SCENARIOS.map(({ name, numbers }) => ({
  name,
  waId: `1555${numbers.replace(' ', '').replace('nnn', '031').replace('n', '2').replaceAll('x', '7')}`,
}));

describe('scenarioOfNumber', () => {
  it.each(samples)('$waId is $name', ({ name, waId }) => {
    expect(scenarioOfNumber(waId).name).toBe(name);
  });

  it.each(['15550100001', '15550100101', '15550109999', '15550189999', '491511234567', '5500955500101', ''])(
    '%s is plain',
    (waId) => {
      expect(scenarioOfNumber(waId)).toEqual({ name: 'plain', behaviour: PLAIN });
    },
  );

  it.each([
    ['15550110300', { answerDelayMs: 3000 }],
    ['15550111400', { answerDelayMs: 40_000 }],
    ['15550112300', { firstAttempts: 3, accepts: false, answer: { kind: 'graph_error', code: 130429 } }],
    ['15550120310', { answer: { kind: 'graph_error', code: 131026 } }],
    ['15550130390', { statuses: [{ status: 'failed', at: 'sent', code: 131047 }] }],
    ['15550161500', { statusDelayMs: 5000 }],
  ])('%s carries its parameter', (waId, behaviour) => {
    expect(scenarioOfNumber(waId).behaviour).toMatchObject(behaviour);
  });

  it('is plain for an index without an error', () => {
    expect(scenarioOfNumber('15550129990').name).toBe('plain');
  });
});

describe('the scenario table', () => {
  it('names every scenario once and no number twice', () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
    const first = samples.map(({ waId }) => scenarioOfNumber(waId).name);
    expect(first).toEqual(SCENARIOS.map(({ name }) => name));
  });
});

describe('scenarioOfName', () => {
  it('takes any error code, and knows no unknown name', () => {
    expect(scenarioOfName('error', 424242)?.behaviour.answer).toEqual({ kind: 'graph_error', code: 424242 });
    expect(scenarioOfName('nonsense', 0)).toBeNull();
  });
});

describe('behaviourOfAttempt', () => {
  it('is plain once the first attempts are over', () => {
    const chosen = scenarioOfNumber('15550112200');
    expect([1, 2, 3].map((attempt) => behaviourOfAttempt(chosen, attempt).accepts)).toEqual([false, false, true]);
  });
});
