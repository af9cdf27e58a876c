import { rule } from '../../messages/content/rules.js';

const VARIABLE = /\{\{(.*?)\}\}/gs;

/** Names of the variables of a text, each once. */
export const variablesIn = (text: unknown): string[] =>
  typeof text === 'string' ? [...new Set([...text.matchAll(VARIABLE)].map(([, name = '']) => name.trim()))] : [];

const isNumber = (name: string) => /^\d+$/.test(name);

/** Numbers from 1 without a gap, or names of small letters. */
function areNames(names: readonly string[]): boolean {
  const numbers = names.filter(isNumber).map(Number);
  if (numbers.length === 0) return names.every((name) => /^[a-z][a-z0-9_]*$/.test(name));
  return numbers.length === names.length && numbers.every((number) => number >= 1 && number <= names.length);
}

/** Variables are named as Meta has it. */
export const NamedVariables = () =>
  rule('variables', (value) => areNames(variablesIn(value)), {
    sentence: 'must have variables {{1}}, {{2}} … without a gap, or all named by small letters, digits and _',
  });

/** At most so many variables. */
export const VariablesAtMost = (max: number) =>
  rule('variableCount', (value) => variablesIn(value).length <= max, {
    sentence: (value) =>
      max === 0 ? 'must have no variables' : `must have at most ${max} variable, and has ${variablesIn(value).length}`,
  });

/** No variable begins or ends the text. */
export const VariablesInside = () =>
  rule('variablePlace', (value) => !/^\s*\{\{|\}\}\s*$/.test(String(value)), {
    sentence: 'must not begin or end with a variable',
  });

/** The one variable of an address ends it. */
export const VariableLast = () =>
  rule('variablePlace', (value) => endsIn([...String(value).matchAll(VARIABLE)], String(value)), {
    sentence: 'must have at most one variable, at its end',
  });

const endsIn = ([first, ...others]: RegExpExecArray[], text: string) =>
  others.length === 0 && (first === undefined || first.index + first[0].length === text.length);
