import type { Behaviour } from './behaviour.js';
import { PLAIN } from './behaviour.js';
import { codeAtIndex } from './error-catalog.js';
import { SCENARIOS, behaviourOf } from './recipient-scenarios.js';
import type { Scenario } from './recipient-scenarios.js';

/** A scenario with its parameter filled in. */
export interface ChosenScenario {
  name: string;
  behaviour: Behaviour;
}

const PLAIN_SCENARIO: ChosenScenario = { name: 'plain', behaviour: PLAIN };
const FICTIONAL_RANGE = /^155501(\d{5})$/;

const patterns = SCENARIOS.map((scenario) => ({ scenario, pattern: toPattern(scenario.numbers) }));

/** The scenario of a recipient's digits: by the table within +1 555 01x xxxx, plain for every other number. */
export function scenarioOfNumber(waId: string): ChosenScenario {
  const digits = FICTIONAL_RANGE.exec(waId)?.[1];
  if (digits === undefined) return PLAIN_SCENARIO;
  for (const { scenario, pattern } of patterns) {
    const match = pattern.exec(digits);
    if (match === null) continue;
    const parameter = parameterOf(scenario, match[1]);
    return parameter === null ? PLAIN_SCENARIO : { name: scenario.name, behaviour: behaviourOf(scenario, parameter) };
  }
  return PLAIN_SCENARIO;
}

/** The scenario with this name; `parameter` counts seconds or attempts, or is an error code. Null for an unknown name. */
export function scenarioOfName(name: string, parameter: number): ChosenScenario | null {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  return scenario === undefined ? null : { name, behaviour: behaviourOf(scenario, parameter) };
}

/** The `attempt`-th attempt (from 1) of a recipient: plain again once the scenario's first attempts are over. */
export function behaviourOfAttempt(chosen: ChosenScenario, attempt: number): Behaviour {
  return attempt > chosen.behaviour.firstAttempts ? PLAIN : chosen.behaviour;
}

/** `011 0nxx` → the five digits after +1 555 01, with the parameter as the one group. */
function toPattern(numbers: string): RegExp {
  const digits = numbers.replace(' ', '').slice(2);
  return new RegExp(`^${digits.replace(/n+/, (run) => `(\\d{${run.length}})`).replaceAll('x', '\\d')}$`);
}

function parameterOf(scenario: Scenario, digits: string | undefined): number | null {
  const value = Number(digits ?? 0);
  return scenario.parameter === 'error index' ? codeAtIndex(value) : value;
}
