/** Where a page of messages of contacts ended: Meta's time of the last one, and its wamid. */
export interface InboundPlace {
  sentAt: Date;
  wamid: string;
}

/** A place as a text that callers hand back without looking into it. */
export function toInboundCursor({ sentAt, wamid }: InboundPlace): string {
  return Buffer.from(`${sentAt.getTime()} ${wamid}`).toString('base64url');
}

/** The place of a cursor, or null when the text is none. */
export function fromInboundCursor(cursor: string): InboundPlace | null {
  const [, ms, wamid] = /^(\d{1,15}) (\P{Cc}{1,512})$/u.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (ms === undefined || wamid === undefined) return null;
  const place = { sentAt: new Date(Number(ms)), wamid };
  return toInboundCursor(place) === cursor ? place : null;
}
