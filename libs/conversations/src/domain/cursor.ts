/** Where a page of conversations ended. */
export interface ConversationMark {
  openedAt: Date;
  id: string;
}

/** The mark as a text that callers hand back without looking into it: 8 bytes of milliseconds, 16 of the id. */
export function toCursor({ openedAt, id }: ConversationMark): string {
  const time = Buffer.alloc(8);
  time.writeBigInt64BE(BigInt(openedAt.getTime()));
  return Buffer.concat([time, Buffer.from(id.replaceAll('-', ''), 'hex')]).toString('base64url');
}

/** The mark of a cursor, or null when the text is none. */
export function fromCursor(cursor: string): ConversationMark | null {
  if (!/^[\w-]{32}$/.test(cursor)) return null;
  const bytes = Buffer.from(cursor, 'base64url');
  const openedAt = new Date(Number(bytes.readBigInt64BE()));
  const hex = bytes.subarray(8).toString('hex');
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return isStorable(openedAt) ? { openedAt, id } : null;
}

/** Years that Postgres writes as RFC 3339 does. */
const isStorable = (at: Date) => at.getTime() >= 0 && at.getTime() < Date.UTC(9999, 0);
