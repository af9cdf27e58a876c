const PLAIN_NAME = /^[\w$-]{1,64}$/;

/** Names of members from the body inwards as `message.text.body` or `tags[3]`. A name that a caller made up is shown only when it is plain. */
export function fieldPath(names: readonly string[]): string {
  return names
    .map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${PLAIN_NAME.test(name) ? name : '…'}`))
    .join('')
    .replace(/^\./, '');
}
