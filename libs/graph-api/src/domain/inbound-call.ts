import { asArray, asInteger, asObject } from './json.js';
import type { OtherItem } from './notification-item.js';
import { idText, unixSeconds } from './webhook-fields.js';

/** A call from a contact, as one event of it tells. `startedAt`: UNIX seconds; null when the event has no time. */
export interface InboundCall {
  id: string;
  /** Digits, or the user id. */
  from: string;
  startedAt: number | null;
}

/** The calls that contacts made, in a webhook of the field `calls`; calls that the business made are left out. */
export function readInboundCalls({ raw }: Pick<OtherItem, 'raw'>): InboundCall[] {
  return asArray(asObject(raw)?.calls).flatMap((value) => {
    const call = asObject(value);
    const id = idText(call?.id);
    const from = idText(call?.from) ?? idText(call?.from_user_id);
    if (call === null || id === null || from === null || call.direction !== 'USER_INITIATED') return [];
    return [{ id, from, startedAt: startOf(call) }];
  });
}

/** The event `terminate` comes at the end, and says how long the call took. */
function startOf(call: Readonly<Record<string, unknown>>): number | null {
  const start = unixSeconds(call.start_time);
  if (start !== null) return start;
  const time = unixSeconds(call.timestamp);
  return time === null ? null : time - Math.max(0, asInteger(call.duration) ?? 0);
}
