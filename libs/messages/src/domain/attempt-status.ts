import type { StatusItem } from '#graph-api';

/** One status that names an attempt of ours. `ts` is in seconds; `eventId` is used only if the status is new. */
export interface AttemptStatus {
  messageId: string;
  attemptNo: number;
  wamid: string;
  status: string;
  rank: number;
  ts: number;
  code: number;
  recipient: string;
  pricing: { category: string | null; type: string | null; model: string | null } | null;
  conversation: object | null;
  errors: unknown[] | null;
  inboxId: string;
  eventId: string;
}

/** Where and when a status item came. */
export interface ItemArrival {
  inboxId: string;
  receivedAt: Date;
}

/** The last second that a timestamp can name. */
const MAX_TS = 253_402_300_799;
/** Meta's clock may run ahead of ours by this much, s; what lies further ahead counts as this far. */
const MAX_AHEAD_S = 60;

/** A status item as a status of an attempt of ours. One without a readable timestamp gets the second it arrived in. */
export function toAttemptStatus(
  item: StatusItem,
  attempt: { messageId: string; attemptNo: number },
  arrival: ItemArrival,
  eventId: string,
): AttemptStatus {
  return {
    ...attempt,
    wamid: item.wamid,
    status: item.status,
    rank: item.rank,
    ts: statusSecond(item, arrival.receivedAt),
    code: item.errorCode ?? 0,
    recipient: item.participant ?? item.recipient,
    pricing: item.pricing,
    conversation: item.conversation,
    errors: item.errors,
    inboxId: arrival.inboxId,
    eventId,
  };
}

/** The second of a status: Meta's, not far ahead of its arrival; that of its arrival where Meta's is missing or no instant. */
export function statusSecond({ timestamp }: Pick<StatusItem, 'timestamp'>, receivedAt: Date): number {
  const arrival = Math.floor(receivedAt.getTime() / 1_000);
  return timestamp !== null && timestamp >= 0 && timestamp <= MAX_TS
    ? Math.min(timestamp, arrival + MAX_AHEAD_S)
    : arrival;
}
