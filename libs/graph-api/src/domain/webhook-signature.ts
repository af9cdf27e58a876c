import { createHmac, timingSafeEqual } from 'node:crypto';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;

/** The `X-Hub-Signature-256` header that an app with this secret puts on a delivery of these exact bytes. */
export function signWebhook(rawBody: Uint8Array, appSecret: string): string {
  return `sha256=${digest(rawBody, appSecret).toString('hex')}`;
}

/**
 * Whether `header` signs these exact bytes with one of the app secrets (several while one is being replaced). The
 * bytes must be those received: JSON that was parsed and written again does not match. An empty secret signs nothing.
 */
export function verifyWebhook(rawBody: Uint8Array, header: unknown, appSecrets: readonly string[]): boolean {
  const [, hex] = (typeof header === 'string' && SIGNATURE.exec(header)) || [];
  if (hex === undefined) return false;
  const given = Buffer.from(hex, 'hex');
  return appSecrets.some((secret) => secret !== '' && timingSafeEqual(given, digest(rawBody, secret)));
}

function digest(rawBody: Uint8Array, appSecret: string): Buffer {
  return createHmac('sha256', appSecret).update(rawBody).digest();
}
