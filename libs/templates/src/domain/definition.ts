/** A JSON object as Meta gave it. */
export type Json = Readonly<Record<string, unknown>>;

/** What a send is checked against: a template as Meta approved it. */
export interface TemplateDefinition {
  /** Meta's word: MARKETING, UTILITY or AUTHENTICATION. */
  category: string;
  parameterFormat: 'POSITIONAL' | 'NAMED';
  /** In Meta's shape: HEADER, BODY, FOOTER, BUTTONS, LIMITED_TIME_OFFER, CAROUSEL. */
  components: readonly Json[];
}

/** Something that does not fit: `field` from the template object inwards, and Meta's code for it. */
export interface TemplateProblem {
  field: string;
  /** Count: something is missing or too many (Meta: 132000). Format: it is of another kind (132012). */
  code: 'template_parameter_count' | 'template_parameter_format';
  /** Begins with the field. */
  message: string;
}

export const countProblem = (field: string, sentence: string): TemplateProblem => ({
  field,
  code: 'template_parameter_count',
  message: `${field} ${sentence}`,
});
export const formatProblem = (field: string, sentence: string): TemplateProblem => ({
  field,
  code: 'template_parameter_format',
  message: `${field} ${sentence}`,
});

/** Names of the variables of a text, each once, in order: `1`, `2` or `first_name`. */
export function variablesOf(text: unknown): string[] {
  if (typeof text !== 'string') return [];
  return [...new Set([...text.matchAll(/\{\{\s*([a-z0-9_]+)\s*\}\}/gi)].map(([, name = '']) => name))];
}

/** A value's objects, when it is a list. */
export const objectsOf = (value: unknown): Json[] =>
  Array.isArray(value)
    ? value.filter((item): item is Json => typeof item === 'object' && item !== null && !Array.isArray(item))
    : [];

/** A member's text in lower case, as Meta compares kinds. */
export const kindOf = (object: Json, member: string): string =>
  typeof object[member] === 'string' ? object[member].toLowerCase() : '';

/** The component of a type, in a definition or in a send. */
export const componentOf = (components: readonly Json[], type: string): Json | undefined =>
  components.find((component) => kindOf(component, 'type') === type);
