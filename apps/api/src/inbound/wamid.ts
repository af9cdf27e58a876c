/** The id of a message of a contact: opaque, but visible ASCII as all of Meta's, and no longer than what can be kept and found. */
export const isWamid = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x21-\x7e]{1,512}$/.test(value);

/** What a refusal says of it. */
export const WAMID_RULE = 'must be the id of a message of a contact: 1 to 512 visible ASCII characters';
