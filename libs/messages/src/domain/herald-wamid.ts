/** What marks an id as ours, inside: Meta's own begin otherwise. */
const MARK = Buffer.from('HERALD1', 'latin1');
const PREFIX = 'wamid.';
const UUID_BYTES = 16;

/** The id that the drop-in API gives a message, where Meta gives a wamid: `wamid.` and the base64 of `HERALD1` and the 16 bytes of its UUID. */
export const heraldWamid = (messageId: string): string =>
  PREFIX + Buffer.concat([MARK, Buffer.from(messageId.replaceAll('-', ''), 'hex')]).toString('base64');

/** The message that such an id names; null for any other text, Meta's own wamids among them. */
export function messageIdOfWamid(text: string): string | null {
  if (!text.startsWith(PREFIX)) return null;
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64');
  if (bytes.length !== MARK.length + UUID_BYTES || !bytes.subarray(0, MARK.length).equals(MARK)) return null;
  return bytes
    .subarray(MARK.length)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
