import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { formatEnvFile, readEnvFile, writePrivateFile } from './env-file.js';
import type { Variables } from './home-folder.js';
import { LockFile } from './lock-file.js';

/** How each secret is made when nobody configured it. */
const GENERATORS = {
  HERALD_ENCRYPTION_KEYS: () => `k1:${randomBytes(32).toString('base64')}`,
  META_APP_SECRET: () => randomBytes(16).toString('hex'),
  META_VERIFY_TOKEN: () => randomBytes(18).toString('base64url'),
  HERALD_ADMIN_KEY: () => `hk_${randomBytes(32).toString('base64url')}`,
  HERALD_POSTGRES_PASSWORD: () => randomBytes(18).toString('base64url'),
};

/** A secret that is generated when it is not configured; HERALD_POSTGRES_PASSWORD is the embedded cluster's. */
export type SecretName = keyof typeof GENERATORS;

/**
 * The secrets of these names: the configured ones, and for the others those of `secrets.env` in the home folder, where
 * missing ones are generated and kept. Touches no file when all are configured.
 */
export async function ensureSecrets<Name extends SecretName>(
  home: string,
  configured: Variables,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const wanted = names.filter((name) => !configured[name]);
  const kept = wanted.length === 0 ? {} : await keepSecrets(home, wanted);
  return Object.fromEntries(names.map((name) => [name, configured[name] || kept[name]])) as Record<Name, string>;
}

async function keepSecrets(home: string, names: readonly SecretName[]): Promise<Record<string, string>> {
  const path = join(home, 'secrets.env');
  return new LockFile(join(home, 'secrets.lock')).during(() => {
    const kept = readEnvFile(path);
    const missing = names.filter((name) => !kept[name]);
    for (const name of missing) kept[name] = GENERATORS[name]();
    if (missing.length > 0) writePrivateFile(path, formatEnvFile(kept));
    return kept;
  });
}
