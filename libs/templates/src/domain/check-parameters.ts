import { countProblem, formatProblem, type Json, kindOf, type TemplateProblem } from './definition.js';

/** The variables of one text of a definition, and what a send gives for them. */
export interface ParametersToCheck {
  /** `components[0]`: where the component stands in the send; null when it is not there. */
  at: string | null;
  /** `the body`. */
  what: string;
  wanted: readonly string[];
  given: readonly Json[];
  format: 'POSITIONAL' | 'NAMED';
}

const shown = (names: readonly string[]) => names.map((name) => `{{${name}}}`).join(', ');
const isAre = (count: number) => (count === 1 ? 'is' : 'are');

/** Whether a text's variables are all filled, and no more: by order, or by name. */
export function checkParameters(parameters: ParametersToCheck): TemplateProblem[] {
  const { at, what, wanted, given, format } = parameters;
  if (at === null) {
    return wanted.length === 0
      ? []
      : [countProblem('components', `must fill ${shown(wanted)} of ${what}; a component for it is missing`)];
  }
  return format === 'NAMED' ? checkNamed(parameters, at) : checkPositional(at, what, wanted, given);
}

function checkPositional(
  at: string,
  what: string,
  wanted: readonly string[],
  given: readonly Json[],
): TemplateProblem[] {
  if (given.length === wanted.length) return [];
  const needs = wanted.length === 0 ? 'none' : `${wanted.length} (${shown(wanted)})`;
  const missing = wanted.slice(given.length);
  const rest =
    missing.length > 0
      ? `${shown(missing)} ${isAre(missing.length)} missing`
      : `${given.length - wanted.length} ${isAre(given.length - wanted.length)} too many`;
  return [
    countProblem(`${at}.parameters`, `must be as many as ${what} has: ${needs}; there are ${given.length}: ${rest}`),
  ];
}

function checkNamed({ what, wanted, given }: ParametersToCheck, at: string): TemplateProblem[] {
  const names = given.map((parameter) => parameter['parameter_name']);
  const problems = names.flatMap((name, index): TemplateProblem[] => {
    const field = `${at}.parameters[${index}].parameter_name`;
    if (typeof name !== 'string')
      return [formatProblem(field, `must be one of ${wanted.join(', ')}: this template has named parameters`)];
    if (!wanted.includes(name))
      return [countProblem(field, `must be one of ${wanted.join(', ') || 'none'}: ${what} has no such variable`)];
    return names.indexOf(name) < index ? [countProblem(field, 'comes a second time')] : [];
  });
  const missing = wanted.filter((name) => !names.includes(name));
  return missing.length === 0
    ? problems
    : [
        ...problems,
        countProblem(`${at}.parameters`, `must fill ${what}: ${missing.join(', ')} ${isAre(missing.length)} missing`),
      ];
}

/** Parameters that are of none of these types. */
export const checkTypes = (at: string, given: readonly Json[], types: readonly string[]): TemplateProblem[] =>
  given.flatMap((parameter, index) =>
    types.includes(kindOf(parameter, 'type'))
      ? []
      : [
          formatProblem(
            `${at}.parameters[${index}].type`,
            `must be ${types.join(' or ')} here, as the template has it`,
          ),
        ],
  );
