import { lookupError, type MetaApi, type MetaMessage, recipientName, type RecipientName } from '#graph-api';
import { type MessageWarning, warningsOf } from './message-warning.js';
import { type CostView, type EstimateView, viewCost, viewEstimate } from '#pricing';
import { PRIORITIES } from '#queues';
import type { DeliveryPolicy, MediaMode, MessageState, Priority } from '../domain/message.js';
import { describeReason } from '../explain/dispatch-reasons.js';
import { explain, type Explanation } from '../explain/explanations.js';
import type { MessageRow } from './message-row.js';

/** What Meta reported of a message, by rank; ranks 0 and 1 are none. */
export const STATUS_OF_RANK = [null, null, 'sent', 'failed', 'delivered', 'read', 'played'] as const;
/** A status that Meta reports. */
export type MessageStatus = NonNullable<(typeof STATUS_OF_RANK)[number]>;
export const MESSAGE_STATUSES = STATUS_OF_RANK.filter((status) => status !== null);

/** Why a message did not go (on): `code` is Meta's number, or a word of ours. */
export interface MessageError {
  code: number | string;
  title: string;
  advice: string;
}

/** Everything that is known of one message. */
export interface MessageView {
  id: string;
  /** Phone number id of the sender. */
  from: string;
  to: RecipientName;
  /** The recipient as the caller wrote it. */
  input: string;
  /** ISO 3166, or NANP; null where nobody can tell. */
  country: string | null;
  api: MetaApi;
  type: string;
  /** The content in Meta's shape; null once it was erased. */
  message: MetaMessage | null;
  priority: Priority;
  deliveryPolicy: DeliveryPolicy;
  category: string | null;
  categorySource: string | null;
  windowPolicy: string;
  mediaMode: MediaMode;
  windowFallback: object | null;
  tags: string[];
  clientReference: string | null;
  /** The caller's own `biz_opaque_callback_data`; ours goes in its place on the wire. */
  clientCallbackData: string | null;
  /** Where its dispatch stands (ours). */
  state: MessageState;
  /** What Meta reported of it. */
  status: MessageStatus | null;
  error: MessageError | null;
  warnings: MessageWarning[];
  waWamid: string | null;
  attempts: number;
  /** What it waits for: `worker`, `breaker`, `schedule`, `retry`, `throttle`, `pace.pair`, `limit.portfolio`, `target`, `answer`, `evidence` or `hold.<scope>`; null once it is done. */
  waitsFor: string | null;
  /** Until when, where that is known. */
  waitsUntil: Date | null;
  /** The same in words: what happened, why, whose move it is and what to do. */
  explanation: Explanation;
  /** What it may cost, by what was known when it was accepted; null for messages from before there were estimates. */
  estimate: EstimateView | null;
  /** What it cost, in micro-units, and why; null while Meta has reported nothing that is billed. */
  cost: CostView | null;
  createdAt: Date;
  expiresAt: Date;
  sentAt: Date | null;
  deliveredAt: Date | null;
  readAt: Date | null;
  playedAt: Date | null;
  failedAt: Date | null;
  deletedAt: Date | null;
  presumedDroppedAt: Date | null;
}

const RANK_FAILED = 3;
const RANK_DELIVERED = 4;

/** The view of a row at a moment. A status implies the ones before it: a time that Meta left out is the next one known. */
export function viewMessage(row: MessageRow, now: Date): MessageView {
  const status = STATUS_OF_RANK[row.waRank] ?? null;
  const readAt = row.readAt ?? row.playedAt;
  const deliveredAt = row.deliveredAt ?? readAt;
  return {
    id: row.id,
    from: row.phoneNumberId,
    to: recipientName({ kind: row.recipientKind, id: row.recipient }),
    input: row.recipientInput ?? row.recipient,
    country: row.country,
    api: row.api,
    type: row.type,
    message: row.content as MetaMessage | null,
    priority: PRIORITIES[row.priority] ?? 'standard',
    deliveryPolicy: row.policy,
    category: row.category,
    categorySource: row.categorySource,
    windowPolicy: row.windowPolicy ?? 'enforce',
    mediaMode: row.mediaMode === 'upload' ? 'upload' : 'link',
    windowFallback: row.windowFallback,
    tags: row.tags ?? [],
    clientReference: row.clientReference,
    clientCallbackData: row.clientCallbackData,
    state: row.state,
    status,
    error: errorOf(row),
    warnings: warningsOf(row),
    waWamid: row.wamid,
    attempts: row.attemptNo,
    ...waitOf(row, now),
    explanation: explain({
      ...row,
      reason: reasonOf(row),
      status,
      isPresumedDropped: row.presumedDroppedAt !== null,
      code: row.holdErrorCode ?? codeOf(row),
      isPaused: row.holdScope !== null && row.holdUntil === null,
    }),
    estimate: viewEstimate(row.estimate),
    cost: viewCost(row.charges),
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    sentAt: row.sentAt ?? deliveredAt,
    deliveredAt,
    readAt,
    playedAt: row.playedAt,
    failedAt: failedAtOf(row),
    deletedAt: row.deletedAt,
    presumedDroppedAt: row.presumedDroppedAt,
  };
}

/** A message behind a hold may have met nothing itself: a pause that Meta gave no code for is that of a template of another category. */
function reasonOf({ reason, holdScope, holdUntil, holdErrorCode }: MessageRow): string {
  const isRecategorised = holdScope === 'template' && holdUntil === null && holdErrorCode === null;
  return isRecategorised ? 'template_recategorised' : reason;
}

/** Meta's code of what went wrong last; of a delivered message nothing did. */
function codeOf({ waRank, waErrorCode, state, errorCode }: MessageRow): number | null {
  if (waRank >= RANK_DELIVERED) return null;
  if (waRank === RANK_FAILED) return waErrorCode;
  return state === 'accepted' ? null : errorCode;
}

/** The error that stands: of a delivered message none, else what Meta reported last, else why we gave up. */
function errorOf(row: MessageRow): MessageError | null {
  if (row.waRank >= RANK_DELIVERED) return null;
  if (row.waRank === RANK_FAILED) return row.waErrorCode === null ? FAILED_WITHOUT_CODE : ofCatalog(row.waErrorCode);
  if (row.state === 'accepted') return null;
  if (row.errorCode !== null) return ofCatalog(row.errorCode, row.lastHttpStatus ?? undefined);
  return ENDED_BADLY.has(row.state) ? { code: row.reason, ...describeReason(row.reason) } : null;
}

const ENDED_BADLY: ReadonlySet<MessageState> = new Set(['failed', 'expired', 'unknown', 'cancelled']);

const FAILED_WITHOUT_CODE: MessageError = {
  code: 'failed_without_code',
  title: 'Meta reported it as failed and gave no error',
  advice: 'Send a new message if it is still wanted.',
};

function ofCatalog(code: number, httpStatus?: number): MessageError {
  const { title, advice } = lookupError({ code, httpStatus });
  return { code, title, advice };
}

function failedAtOf({ state, waRank, failedAt, lastEndedAt, updatedAt }: MessageRow): Date | null {
  if (waRank === RANK_FAILED) return failedAt;
  return state === 'failed' ? (lastEndedAt ?? updatedAt) : null;
}

function waitOf(row: MessageRow, now: Date): Pick<MessageView, 'waitsFor' | 'waitsUntil'> {
  switch (row.state) {
    case 'queued':
      return queuedWait(row, now);
    case 'sending':
      return { waitsFor: 'answer', waitsUntil: row.leaseUntil };
    case 'uncertain':
      return { waitsFor: 'evidence', waitsUntil: row.resolveAfter };
    case 'accepted':
    case 'failed':
    case 'expired':
    case 'cancelled':
    case 'unknown':
      return { waitsFor: null, waitsUntil: null };
  }
}

function queuedWait(row: MessageRow, now: Date): Pick<MessageView, 'waitsFor' | 'waitsUntil'> {
  if (row.holdScope !== null) return { waitsFor: `hold.${row.holdScope}`, waitsUntil: row.holdUntil };
  if (row.nextAttemptAt === null || row.nextAttemptAt <= now)
    return { waitsFor: row.isLaneBroken ? 'breaker' : 'worker', waitsUntil: null };
  const waitsFor = WAITS_FOR[row.reason] ?? 'retry';
  return { waitsFor, waitsUntil: waitsFor === 'target' ? null : row.nextAttemptAt };
}

const WAITS_FOR: Readonly<Record<string, string>> = {
  new: 'schedule',
  scheduled: 'schedule',
  throttled: 'throttle',
  pair_pace: 'pace.pair',
  portfolio_limit: 'limit.portfolio',
  awaits_target: 'target',
};
