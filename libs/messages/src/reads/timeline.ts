import { lookupError } from '#graph-api';
import type { MessageView } from './message-view.js';
import { describeReason } from '../explain/dispatch-reasons.js';

/** One fact of a message's life. */
export interface TimelineEntry {
  /** When Herald learnt of it. */
  at: Date;
  kind: 'event' | 'attempt' | 'status';
  /** `message.queued` and the like, the outcome of an attempt, or Meta's status. */
  what: string;
  /** `api`, `worker`, `reaper`, `sweeper`, `resolver`, `meta`, … */
  who: string;
  /** In a sentence; null when there is nothing to say. */
  why: string | null;
  attempt: number | null;
  /** What else is known: codes, times, wamid, prices. */
  details: Record<string, unknown>;
}

export interface EventFact {
  id: string;
  type: string;
  payload: Record<string, unknown>;
  createdAt: Date;
}

export interface AttemptFact {
  no: number;
  state: string;
  httpStatus: number | null;
  wamid: string | null;
  errorCode: number | null;
  detail: string | null;
  startedAt: Date;
  endedAt: Date | null;
}

export interface StatusFact {
  attemptNo: number;
  recipient: string;
  status: string;
  /** Meta's time of it, seconds since 1970. */
  ts: bigint;
  code: number;
  pricingCategory: string | null;
  pricingType: string | null;
  pricingModel: string | null;
  eventId: string;
}

/** The life of a message, and where it stands now. */
export interface Timeline extends Pick<MessageView, 'waitsFor' | 'waitsUntil' | 'explanation'> {
  entries: TimelineEntry[];
}

/** Every fact once, in the order in which Herald learnt of them. The event that only repeats a status is told with the status. */
export function buildTimeline(facts: {
  events: readonly EventFact[];
  attempts: readonly AttemptFact[];
  statuses: readonly StatusFact[];
}): TimelineEntry[] {
  const eventOfStatus = new Map(facts.events.map((event) => [event.id, event]));
  const statusEvents = new Set(facts.statuses.map(({ eventId }) => eventId));
  return [
    ...facts.events.filter(({ id }) => !statusEvents.has(id)).map(ofEvent),
    ...facts.attempts.map(ofAttempt),
    ...facts.statuses.map((status) => ofStatus(status, eventOfStatus.get(status.eventId))),
  ].sort((one, other) => one.at.getTime() - other.at.getTime() || ORDER[one.kind] - ORDER[other.kind]);
}

/** Of facts of one millisecond: the decision, then the attempt it made, then what came of it. */
const ORDER = { event: 0, attempt: 1, status: 2 } as const;

function ofEvent({ type, payload, createdAt }: EventFact): TimelineEntry {
  const { by, reason, attempt, ...details } = payload;
  return {
    at: createdAt,
    kind: 'event',
    what: type,
    who: typeof by === 'string' ? by : 'herald',
    why: typeof reason === 'string' ? describeReason(reason).title : titleOf(details.code),
    attempt: typeof attempt === 'number' ? attempt : null,
    details: known({ reason, ...details }),
  };
}

function ofAttempt({
  no,
  state,
  httpStatus,
  wamid,
  errorCode,
  detail,
  startedAt,
  endedAt,
}: AttemptFact): TimelineEntry {
  return {
    at: startedAt,
    kind: 'attempt',
    what: state,
    who: 'worker',
    why: titleOf(errorCode),
    attempt: no,
    details: known({ endedAt, httpStatus, waWamid: wamid, code: errorCode, detail }),
  };
}

function ofStatus(status: StatusFact, event: EventFact | undefined): TimelineEntry {
  const reportedAt = new Date(Number(status.ts) * 1_000);
  const { pricingCategory: category, pricingType: type, pricingModel: model } = status;
  return {
    at: event?.createdAt ?? reportedAt,
    kind: 'status',
    what: status.status,
    who: 'meta',
    why: status.code === 0 ? null : titleOf(status.code),
    attempt: status.attemptNo,
    details: known({
      reportedAt,
      code: status.code === 0 ? null : status.code,
      pricing: category === null && type === null ? null : known({ category, type, model }),
    }),
  };
}

const titleOf = (code: unknown) => (typeof code === 'number' ? lookupError({ code }).title : null);
const known = (details: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(details).filter(([, value]) => value !== null && value !== undefined));
