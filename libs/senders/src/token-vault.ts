import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Environment } from '#config';
import { DecryptionFailedError, UnknownEncryptionKeyError } from './senders.errors.js';

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts access tokens for the database and back: AES-256-GCM as `v1.<key id>.<iv>.<ciphertext and tag>`, the last two in
 * base64url. The text is bound to the row it belongs to, so that a ciphertext copied to another row does not open. Keys
 * rotate by putting a new one first: it encrypts from then on, the older ones still decrypt.
 */
export class TokenVault {
  private readonly keys: ReadonlyMap<string, Buffer>;
  /** Id of the key that encrypts. */
  readonly currentKeyId: string;

  /** Takes HERALD_ENCRYPTION_KEYS as the environment checked them: `id:base64` of 32 bytes each. */
  constructor({ HERALD_ENCRYPTION_KEYS }: Pick<Environment, 'HERALD_ENCRYPTION_KEYS'>) {
    const keys = HERALD_ENCRYPTION_KEYS.map((entry): [string, Buffer] => {
      const [id = '', base64 = ''] = entry.split(':');
      return [id, Buffer.from(base64, 'base64')];
    });
    if (keys[0] === undefined) throw new RangeError('HERALD_ENCRYPTION_KEYS holds no key');
    this.currentKeyId = keys[0][0];
    // Of two keys with one id the first counts: it is the one that encrypts.
    this.keys = new Map(keys.toReversed());
  }

  /** @param boundTo what the ciphertext belongs to; the same value must be given to decrypt it */
  encrypt(token: string, boundTo: Uint8Array): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.key(this.currentKeyId), iv).setAAD(
      boundData(this.currentKeyId, boundTo),
    );
    const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [VERSION, this.currentKeyId, iv.toString('base64url'), sealed.toString('base64url')].join('.');
  }

  /** @throws UnknownEncryptionKeyError when its key is not configured, DecryptionFailedError when it was altered or belongs elsewhere */
  decrypt(ciphertext: string, boundTo: Uint8Array): string {
    const [version, keyId = '', iv = '', sealed = ''] = ciphertext.split('.');
    if (version !== VERSION) throw new DecryptionFailedError();
    const key = this.key(keyId);
    try {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv(CIPHER, key, Buffer.from(iv, 'base64url'), { authTagLength: TAG_BYTES })
        .setAAD(boundData(keyId, boundTo))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch {
      // What the cipher says of it could quote the ciphertext.
      throw new DecryptionFailedError();
    }
  }

  private key(keyId: string): Buffer {
    const key = this.keys.get(keyId);
    if (key === undefined) throw new UnknownEncryptionKeyError(keyId);
    return key;
  }
}

const boundData = (keyId: string, boundTo: Uint8Array) => Buffer.concat([Buffer.from(`${VERSION}.${keyId}.`), boundTo]);
