/** Meta's kinds of files. */
export const MEDIA_KINDS = ['image', 'video', 'audio', 'document', 'sticker'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

const KB = 1_024;
const MB = 1_024 * KB;

/** The largest file of each kind, bytes (sending.md §2.2). A sticker that does not move: MAX_STATIC_STICKER. */
export const MAX_BYTES: Readonly<Record<MediaKind, number>> = {
  image: 5 * MB,
  video: 16 * MB,
  audio: 16 * MB,
  document: 100 * MB,
  sticker: 500 * KB,
};
export const MAX_STATIC_STICKER = 100 * KB;

/** The largest file of all. */
export const MAX_MEDIA_BYTES = Math.max(...Object.values(MAX_BYTES));

const KIND_OF_TYPE: ReadonlyMap<string, MediaKind> = new Map<string, MediaKind>([
  ['image/jpeg', 'image'],
  ['image/png', 'image'],
  ['image/webp', 'sticker'],
  ['video/mp4', 'video'],
  ['video/3gpp', 'video'],
  ['audio/aac', 'audio'],
  ['audio/amr', 'audio'],
  ['audio/mpeg', 'audio'],
  ['audio/mp4', 'audio'],
  ['audio/ogg', 'audio'],
]);

/** Families of which Meta takes only the types above; of all others it takes any as a document. */
const CLOSED_FAMILIES = new Set(['image', 'video', 'audio', 'multipart', 'message']);
const TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

/** A media type without parameters, lower case: `audio/ogg; codecs=opus` is `audio/ogg`. */
export const bareType = (mimeType: string): string => (mimeType.split(';')[0] ?? '').trim().toLowerCase();

/** The kind of a file by its media type; null for a type that Meta does not take. `application/octet-stream` says nothing, so it is none. */
export function kindOf(mimeType: string): MediaKind | null {
  const type = bareType(mimeType);
  const known = KIND_OF_TYPE.get(type);
  if (known !== undefined) return known;
  if (!TYPE.test(type) || type === 'application/octet-stream' || CLOSED_FAMILIES.has(type.split('/')[0] ?? ''))
    return null;
  return 'document';
}

/** The most bytes that a file may have. */
export const limitOf = (kind: MediaKind, isAnimated: boolean): number =>
  kind === 'sticker' && !isAnimated ? MAX_STATIC_STICKER : MAX_BYTES[kind];

/** Whether the first bytes are those of a WebP that moves: an extended one whose animation flag is set. */
export const isAnimatedWebp = (head: Buffer): boolean =>
  head.length > 20 &&
  head.toString('latin1', 0, 4) === 'RIFF' &&
  head.toString('latin1', 8, 16) === 'WEBPVP8X' &&
  ((head[20] ?? 0) & 0x02) !== 0;
