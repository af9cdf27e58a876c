import { describe, expect, it } from '@jest/globals';
import { fingerprintOf } from './domain/fingerprint.js';
import { DecryptionFailedError, UnknownEncryptionKeyError } from './senders.errors.js';
import { TokenVault } from './token-vault.js';

const key = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`;
const vaultOf = (...keys: string[]) => new TokenVault({ HERALD_ENCRYPTION_KEYS: keys });
const token = 'EAAG-canary-token';
const fingerprint = fingerprintOf(token);

describe('TokenVault', () => {
  it('gives back what it took', () => {
    const vault = vaultOf(key('k1', 1));
    expect(vault.decrypt(vault.encrypt(token, fingerprint), fingerprint)).toBe(token);
  });

  it('writes version, key id, iv and ciphertext, never twice the same', () => {
    const vault = vaultOf(key('k1', 1));
    const ciphertext = vault.encrypt(token, fingerprint);
    expect(ciphertext).toMatch(/^v1\.k1\.[\w-]{16}\.[\w-]{44}$/);
    expect(vault.encrypt(token, fingerprint)).not.toBe(ciphertext);
  });

  it('encrypts with the first key while the older one still decrypts', () => {
    const old = vaultOf(key('k1', 1)).encrypt(token, fingerprint);
    const rotating = vaultOf(key('k2', 2), key('k1', 1));
    expect(rotating.decrypt(old, fingerprint)).toBe(token);
    const fresh = rotating.encrypt(token, fingerprint);
    expect(vaultOf(key('k2', 2)).decrypt(fresh, fingerprint)).toBe(token);
  });

  it('names the key that is missing and nothing else', () => {
    const ciphertext = vaultOf(key('old', 1)).encrypt(token, fingerprint);
    const open = () => vaultOf(key('k2', 2)).decrypt(ciphertext, fingerprint);
    expect(open).toThrow(UnknownEncryptionKeyError);
    expect(open).toThrow('encryption key "old" is not in HERALD_ENCRYPTION_KEYS');
    expect(open).not.toThrow(new RegExp(ciphertext.slice(-20)));
  });

  it.each([
    ['another key under the same id', (text: string) => text, key('k1', 9), fingerprint],
    ['another row', (text: string) => text, key('k1', 1), fingerprintOf('another token')],
    [
      'an altered ciphertext',
      (text: string) => text.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      key('k1', 1),
      fingerprint,
    ],
    ['another version', (text: string) => text.replace('v1', 'v2'), key('k1', 1), fingerprint],
    ['a cut ciphertext', (text: string) => text.slice(0, 24), key('k1', 1), fingerprint],
  ])('does not open with %s', (_case, alter, keys, boundTo) => {
    const ciphertext = alter(vaultOf(key('k1', 1)).encrypt(token, fingerprint));
    const open = () => vaultOf(keys).decrypt(ciphertext, boundTo);
    expect(open).toThrow(DecryptionFailedError);
    expect(open).not.toThrow(/canary/);
  });
});
