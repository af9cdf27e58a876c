import { createHmac, hkdfSync } from 'node:crypto';

/**
 * Names pairs of sender and recipient by a keyed hash: whoever reads a name learns no phone number, and cannot try numbers
 * without the key.
 * @param encryptionKeys as configured; the first one counts, so that all processes give the same names
 */
export function pairNames(encryptionKeys: readonly string[]): (phoneNumberId: string, recipient: string) => string {
  const secret = encryptionKeys[0]?.split(':')[1] ?? '';
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'base64'), '', 'herald pace of pairs', 32));
  return (phoneNumberId, recipient) =>
    createHmac('sha256', key).update(`${phoneNumberId}:${recipient}`).digest('base64url').slice(0, 22);
}
