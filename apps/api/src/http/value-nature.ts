/** What kind of value came, in words that give nothing of it away: `a text of 300 characters`. */
export function natureOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (value === '') return 'an empty text';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  switch (typeof value) {
    case 'string':
      return `a text of ${value.length} characters`;
    case 'object':
      return `an object of ${Object.keys(value).length} members`;
    case 'boolean':
      return 'true or false';
    default:
      return `a ${typeof value}`;
  }
}
