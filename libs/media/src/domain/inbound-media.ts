import { MEDIA_KINDS, type MediaKind } from './media-kind.js';

/** The file that a message of a contact brought, as its webhook describes it. */
export interface InboundMedia {
  kind: MediaKind;
  metaId: string;
  mimeType: string | null;
  /** Hex; the webhook has base64. */
  sha256: string | null;
  filename: string | null;
}

const MAX_TEXT = 240;
const META_ID = /^\d{1,64}$/;
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, MAX_TEXT) : null);

/** The file of a message; null for one without. */
export function inboundMediaOf(raw: Readonly<Record<string, unknown>>): InboundMedia | null {
  const kind = MEDIA_KINDS.find((known) => known === raw.type);
  const media = kind === undefined ? null : raw[kind];
  if (kind === undefined || typeof media !== 'object' || media === null) return null;
  const { id, mime_type, sha256, filename } = media as Record<string, unknown>;
  if (typeof id !== 'string' || !META_ID.test(id)) return null;
  return { kind, metaId: id, mimeType: text(mime_type), sha256: hexOf(text(sha256)), filename: text(filename) };
}

/** A sha256 in hex, whichever way it was written; null for what is none. */
export function hexOf(sha256: string | null): string | null {
  if (sha256 === null) return null;
  if (/^[0-9a-f]{64}$/i.test(sha256)) return sha256.toLowerCase();
  const bytes = Buffer.from(sha256, 'base64');
  return bytes.length === 32 ? bytes.toString('hex') : null;
}

const DAY_MS = 24 * 60 * 60_000;
/** Meta keeps a file of a contact for so long. */
export const INBOUND_LIFE_MS = 7 * DAY_MS;
const FIRST_WAIT_MS = 2_000;
const MOST_WAIT_MS = 60 * 60_000;

/** How long to wait after the nth try, ms: 2 s, 4 s … an hour. */
export const fetchAgainAfter = (tries: number, random: number): number =>
  Math.round(Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries - 1, 20)) * (0.75 + random / 2));
