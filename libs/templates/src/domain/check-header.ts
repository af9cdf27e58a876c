import { checkParameters, checkTypes } from './check-parameters.js';
import {
  countProblem,
  type Json,
  kindOf,
  objectsOf,
  type TemplateDefinition,
  type TemplateProblem,
  variablesOf,
} from './definition.js';

/** A component of a send, and where it stands. */
export interface Placed {
  component: Json;
  at: string;
}

/** The header: the variable of its text, or the one file, place or product that it shows. */
export function checkHeader(
  header: Json | undefined,
  sent: Placed | undefined,
  format: TemplateDefinition['parameterFormat'],
): TemplateProblem[] {
  const given = objectsOf(sent?.component['parameters']);
  if (header === undefined)
    return sent === undefined ? [] : [countProblem(sent.at, 'must not be there: the template has no header')];
  const kind = kindOf(header, 'format') || 'text';
  if (kind === 'text') {
    const wanted = variablesOf(header['text']);
    const parameters = { at: sent?.at ?? null, what: 'the header', wanted, given, format };
    return [...checkParameters(parameters), ...(sent === undefined ? [] : checkTypes(sent.at, given, ['text']))];
  }
  if (sent === undefined)
    return [countProblem('components', `must have a header with the ${kind} that the template shows`)];
  return checkTypes(sent.at, given, [kind]);
}
