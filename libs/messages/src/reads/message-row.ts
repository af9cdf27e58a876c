import type { MetaApi, RecipientKind } from '#graph-api';
import type { Estimate, ReadCharge } from '#pricing';
import type { DeliveryPolicy, MessageState } from '../domain/message.js';

/** A message with its content and what is known of its attempts, as the read queries give it. */
export interface MessageRow {
  id: string;
  phoneNumberId: string;
  recipient: string;
  recipientKind: RecipientKind;
  recipientInput: string | null;
  country: string | null;
  api: MetaApi;
  type: string;
  category: string | null;
  categorySource: string | null;
  priority: number;
  policy: DeliveryPolicy;
  state: MessageState;
  reason: string;
  attemptNo: number;
  nextAttemptAt: Date | null;
  leaseUntil: Date | null;
  expiresAt: Date;
  errorCode: number | null;
  waRank: number;
  sentAt: Date | null;
  deliveredAt: Date | null;
  readAt: Date | null;
  playedAt: Date | null;
  failedAt: Date | null;
  waErrorCode: number | null;
  deletedAt: Date | null;
  presumedDroppedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  content: object | null;
  tags: string[] | null;
  clientReference: string | null;
  clientCallbackData: string | null;
  windowFallback: object | null;
  windowPolicy: 'enforce' | 'trust_meta' | null;
  /** upload, or null: link. */
  mediaMode: string | null;
  /** Null: it was accepted before estimates were made. */
  estimate: Estimate | null;
  /** Of the attempt that Meta took, the last if there are several. */
  wamid: string | null;
  acceptedAttempts: number;
  lastHttpStatus: number | null;
  lastEndedAt: Date | null;
  resolveAfter: Date | null;
  /** Statuses `warning`, oldest first: Meta's second, and its errors as they came. Null: none. */
  warnings: { ts: number; errors: unknown }[] | null;
  /** Null: none. */
  charges: ReadCharge[] | null;
  /** The hold that keeps it waiting the longest, if any; `holdUntil` null = until an operator lifts it. */
  holdScope: string | null;
  holdUntil: Date | null;
  /** Meta's code of what holds it; null where Meta said nothing: a template of another category than before. */
  holdErrorCode: number | null;
  /** Its sender gets no proper answers, and is only probed. */
  isLaneBroken: boolean;
}
