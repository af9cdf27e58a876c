import { hash as digestOf } from 'node:crypto';

const MARK = 'hk_';
/** Characters behind the mark that a person recognises a key by; 36 of its 256 bits. */
const SHOWN = 6;
const SECRET_BYTES = 32;

/** A new key. `key` is shown once; only `hash` and `prefix` are kept. */
export interface ApiKeySecret {
  key: string;
  prefix: string;
  hash: Buffer;
}

/**
 * The key made of 32 random bytes: `hk_` and their base64url.
 * @throws RangeError when there are not 32 of them
 */
export function apiKeyFrom(random: Buffer): ApiKeySecret {
  if (random.length !== SECRET_BYTES) throw new RangeError(`a key takes ${SECRET_BYTES} random bytes`);
  const key = MARK + random.toString('base64url');
  return { key, prefix: key.slice(0, MARK.length + SHOWN), hash: hashApiKey(key) };
}

/** SHA-256 of a key: 256 random bits need no slow hash. */
export function hashApiKey(key: string): Buffer {
  return digestOf('sha256', key, 'buffer');
}

/** The key in an `Authorization: Bearer hk_…` header, or null when the header holds none. */
export function keyInHeader(authorization: string | undefined): string | null {
  return /^bearer +(hk_[\w-]{20,256})$/i.exec(authorization ?? '')?.[1] ?? null;
}
