import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** Rounds that Postgres uses by default. */
const ITERATIONS = 4_096;

/**
 * What Postgres keeps of a password (SCRAM-SHA-256, RFC 7677): given in the password's place it can be in no log of statements.
 * @param salt 16 random bytes
 */
export function scramVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  const keyOf = (name: string) => createHmac('sha256', salted).update(name).digest();
  const storedKey = createHash('sha256').update(keyOf('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${keyOf('Server Key').toString('base64')}`;
}
