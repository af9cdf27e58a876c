import type { QueuePriority } from '#queues';

/**
 * Glossary. **Message**: one send that a client asked for. **State**: where its dispatch stands (ours). **Status**: what Meta
 * reported of it. **Reason**: the word for why it is in its state. **Priority**: which queue it waits in. **Policy**: what
 * happens when the answer to an attempt is lost. **Category**: Meta's, of a template.
 */
export const MESSAGE_STATES = [
  'queued',
  'sending',
  'uncertain',
  'accepted',
  'failed',
  'expired',
  'cancelled',
  'unknown',
] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export type Priority = QueuePriority;

export const DELIVERY_POLICIES = ['at_least_once', 'at_most_once'] as const;
export type DeliveryPolicy = (typeof DELIVERY_POLICIES)[number];

/** How links of a message reach Meta: as they are, or as files that we fetch. */
export const MEDIA_MODES = ['link', 'upload'] as const;
export type MediaMode = (typeof MEDIA_MODES)[number];

export const TEMPLATE_CATEGORIES = ['marketing', 'utility', 'authentication'] as const;
export type TemplateCategory = (typeof TEMPLATE_CATEGORIES)[number];

/** Who says what category a template has: Meta (synced), the caller (given), or the rule of `guessCategory`. */
export type CategorySource = 'synced' | 'given' | 'guessed';

/** Why a message is in its state. What each means to a person stands in `reads/`. */
export type DispatchReason =
  | 'new' // queued: nobody has tried yet
  | 'scheduled' // queued: it has a sendAt, and nobody has tried yet
  | 'retry' // queued: Meta asked to try again
  | 'throttled' // queued: a limit or a pause holds it
  | 'pair_pace' // queued: its recipient gets no more for now
  | 'portfolio_limit' // queued: its portfolio has written to as many people as it may
  | 'not_sent' // queued: the request was never written
  | 'resent_unproven' // queued: no evidence came in its grace, and its policy allows another attempt
  | 'redriven' // queued: it had ended, and somebody has it sent once more
  | 'awaits_target' // queued: the message that it answers is not accepted yet
  | 'template_paused' // queued: Meta has paused or disabled its template, or reviews it again
  | 'template_recategorised' // queued: its template has another category than when it was accepted
  | 'window_fallback' // queued: the window is closed, its template goes next
  | 'sending' // sending
  | 'answer_lost' // uncertain: written, and no answer that proves anything
  | 'lease_expired' // uncertain: the worker that sent it was never heard of again
  | 'answered' // accepted: Graph said so
  | 'proved_by_status' // accepted: a status of it came
  | 'proved_by_late_answer' // accepted: the answer came after its lease
  | 'rejected' // failed: Meta refused it for good
  | 'attempts_exhausted' // failed: Meta asked to try again too often
  | 'never_written' // failed: no request could be written, too often
  | 'window_closed' // failed: free-form, and its customer service window is closed
  | 'recipient_opted_out' // failed: its contact wants no marketing
  | 'media_deleted' // failed: a file of it was deleted
  | 'media_expired' // failed: a file of it is kept no more
  | 'target_not_sent' // failed: the message that it answers was never sent
  | 'template_unusable' // failed: its template was rejected or deleted
  | 'media_link_refused' // failed: a link of it cannot be fetched
  | 'internal_build_error' // failed: the request could not be built
  | 'cancelled' // cancelled: its client took it back
  | 'expired' // expired: its time passed before it could be sent
  | 'never_proved' // unknown: no evidence came in its grace, and nothing allows another attempt
  | 'earlier_attempt_unproven'; // unknown: it ended, and an earlier attempt may have gone through
