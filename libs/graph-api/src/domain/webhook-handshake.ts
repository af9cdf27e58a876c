import { createHash, timingSafeEqual } from 'node:crypto';

/** The query of Meta's GET on the callback address, as it came: a repeated parameter is an array. */
export interface HandshakeQuery {
  mode: unknown;
  token: unknown;
  challenge: unknown;
}

const CHALLENGE = /^[0-9A-Za-z_-]{1,128}$/;

/** The challenge to answer with, as plain text, or null when the request is to be refused (403). */
export function verifyHandshake({ mode, token, challenge }: HandshakeQuery, verifyToken: string): string | null {
  if (mode !== 'subscribe' || typeof token !== 'string' || verifyToken === '') return null;
  if (typeof challenge !== 'string' || !CHALLENGE.test(challenge)) return null;
  return timingSafeEqual(sha256(token), sha256(verifyToken)) ? challenge : null;
}

/** Digests have one length, so that the comparison tells nothing about the token's. */
function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
