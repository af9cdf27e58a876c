import { createHash } from 'node:crypto';

/** SHA-256 of an access token: what tells whether two tokens are the same without either of them. */
export function fingerprintOf(accessToken: string): Buffer {
  return createHash('sha256').update(accessToken).digest();
}
