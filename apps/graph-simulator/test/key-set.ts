/** All key paths of a JSON value, sorted: `entry[].changes[].value.statuses[].id`. Two values of one shape have the same. */
export function keySet(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return unique(value.flatMap((element) => keySet(element, `${path}[]`)));
  if (typeof value !== 'object' || value === null) return [path];
  return unique(Object.entries(value).flatMap(([key, inner]) => keySet(inner, path === '' ? key : `${path}.${key}`)));
}

function unique(paths: string[]): string[] {
  return [...new Set(paths)].sort();
}
