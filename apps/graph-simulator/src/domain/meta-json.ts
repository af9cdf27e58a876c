const ESCAPED = /[/\u0080-\uffff]/g;

/**
 * JSON text as Meta writes it into webhooks: `/` as `\/`, everything outside ASCII as lowercase `\u00e4` sequences.
 * A receiver that parses and writes the JSON again gets other bytes, hence another signature: that is the point.
 */
export function toMetaJson(value: unknown): string {
  return JSON.stringify(value).replace(ESCAPED, (character) =>
    character === '/' ? '\\/' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
