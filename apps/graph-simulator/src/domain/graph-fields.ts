/** A node narrowed to the wanted fields, plus `id`; or the first field that it does not have. */
export type FieldChoice = { kind: 'node'; node: Record<string, unknown> } | { kind: 'unknown'; field: string };

/**
 * What `?fields=a,b` makes of a node. Without `fields` it is `usual`; `extra` fields come only when asked for.
 * Field arguments (`field.limit(5)`, `field{sub}`) are read as the field itself.
 */
export function chooseFields(usual: object, extra: object, fields: string | undefined): FieldChoice {
  if (fields === undefined || fields === '') return { kind: 'node', node: { ...usual } };
  const all: Record<string, unknown> = { ...extra, ...usual };
  const names = splitFields(fields).map((field) => field.replace(/[.{].*$/s, ''));
  const unknown = names.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined) return { kind: 'unknown', field: unknown };
  return { kind: 'node', node: Object.fromEntries([...names, 'id'].map((name) => [name, all[name]])) };
}

/** Splits at the commas that are not inside brackets. */
function splitFields(fields: string): string[] {
  return fields
    .split(/,(?![^({]*[)}])/)
    .map((field) => field.trim())
    .filter((field) => field !== '');
}
