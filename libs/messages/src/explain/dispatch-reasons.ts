import type { DispatchReason, MessageState } from '../domain/message.js';

/** Whose move it is: what has to happen next is done by Herald itself, by Meta, by the client, or by an operator. */
export const MOVES = ['herald', 'meta', 'client', 'operator', 'nobody'] as const;
export type Move = (typeof MOVES)[number];

/** What a reason of ours means to a person, and what to do about it. */
export interface ReasonText {
  title: string;
  advice: string;
}

/** A reason: the state that it is a reason for, whose move it is, and its words. */
export interface Reason extends ReasonText {
  state: MessageState;
  move: Move;
}

const NOTHING_TO_DO = 'Nothing to do.';

/** Every reason that a message can have for its state. A new one is added here, and to `DispatchReason`. */
export const REASONS: Readonly<Record<DispatchReason, Reason>> = {
  new: { state: 'queued', move: 'herald', title: 'Accepted from the client', advice: NOTHING_TO_DO },
  scheduled: {
    state: 'queued',
    move: 'herald',
    title: 'It goes at its sendAt, or as soon after as there is room',
    advice: NOTHING_TO_DO,
  },
  retry: {
    state: 'queued',
    move: 'herald',
    title: 'Meta asked to try again later',
    advice: 'Nothing to do: it is tried again by itself.',
  },
  throttled: {
    state: 'queued',
    move: 'herald',
    title: 'A limit or a pause holds it',
    advice: 'Nothing to do for a limit. A pause ends when an operator lifts it: `hold list`.',
  },
  pair_pace: {
    state: 'queued',
    move: 'herald',
    title: 'Its recipient may get no more for now: 45 messages at once, then one every six seconds',
    advice: 'Nothing to do: it has its turn. Send fewer messages to one recipient.',
  },
  portfolio_limit: {
    state: 'queued',
    move: 'herald',
    title: 'Its portfolio has written to as many people outside of a conversation as Meta lets it in 24 hours',
    advice:
      'Nothing to do: it has its turn when one of them is a day ago. People who write first do not count; a higher limit is Meta’s to give.',
  },
  not_sent: {
    state: 'queued',
    move: 'herald',
    title: 'The request could not be written',
    advice: 'It is tried again by itself. If it stays, check the network between the worker and the Graph API.',
  },
  awaits_target: {
    state: 'queued',
    move: 'herald',
    title: 'The message that it answers, reacts to or pins has not been taken by Meta yet',
    advice: 'Nothing to do: it goes once that one is accepted. Look at that one if it takes long.',
  },
  template_paused: {
    state: 'queued',
    move: 'meta',
    title: 'Meta has paused or disabled its template, or reviews it again',
    advice: 'Nothing to do: it goes when Meta gives the template back. Improve the template if people dislike it.',
  },
  template_recategorised: {
    state: 'queued',
    move: 'operator',
    title: 'Its template has another category than when it was accepted, and so another price',
    advice:
      'Lift the hold on the template to send it all the same (`hold lift --scope template --id <id>`), or cancel it.',
  },
  window_fallback: {
    state: 'queued',
    move: 'herald',
    title: 'The customer service window is closed: its fallback template goes next',
    advice: NOTHING_TO_DO,
  },
  redriven: {
    state: 'queued',
    move: 'herald',
    title: 'It had ended and was redriven: it is sent once more',
    advice: NOTHING_TO_DO,
  },
  resent_unproven: {
    state: 'queued',
    move: 'herald',
    title: 'No evidence of its last attempt came in time: it is sent again, as at_least_once allows',
    advice: 'Nothing to do. If the first attempt went through after all, the recipient gets it twice.',
  },
  sending: { state: 'sending', move: 'herald', title: 'A worker sends it', advice: NOTHING_TO_DO },
  answer_lost: {
    state: 'uncertain',
    move: 'meta',
    title: 'The request was written and no answer proves what became of it',
    advice: 'Nothing to do: a status from Meta settles it, or the delivery policy does.',
  },
  lease_expired: {
    state: 'uncertain',
    move: 'meta',
    title: 'The worker that sent it was not heard of again',
    advice: 'Nothing to do: a status from Meta settles it, or the delivery policy does.',
  },
  answered: { state: 'accepted', move: 'meta', title: 'Meta took it', advice: NOTHING_TO_DO },
  proved_by_status: {
    state: 'accepted',
    move: 'meta',
    title: 'A status from Meta proves that it was taken',
    advice: NOTHING_TO_DO,
  },
  proved_by_late_answer: {
    state: 'accepted',
    move: 'meta',
    title: 'A late answer from Meta proves that it was taken',
    advice: NOTHING_TO_DO,
  },
  rejected: {
    state: 'failed',
    move: 'client',
    title: 'Refused for good',
    advice: 'Look at the last attempt in its timeline, correct the request and send a new message.',
  },
  attempts_exhausted: {
    state: 'failed',
    move: 'client',
    title: 'Meta asked to try again too often',
    advice: 'Look at the attempts in its timeline; send a new message once the cause is gone.',
  },
  never_written: {
    state: 'failed',
    move: 'operator',
    title: 'No request could be written, too often in a row',
    advice: 'Check the network between the worker and the Graph API, then send a new message.',
  },
  window_closed: {
    state: 'failed',
    move: 'client',
    title: 'The customer service window is closed: its recipient has not written or called in 24 hours',
    advice: 'Send a template, or give the message a windowFallback: a template that goes out instead.',
  },
  recipient_opted_out: {
    state: 'failed',
    move: 'nobody',
    title: 'Its recipient has stopped marketing from this account',
    advice: 'Send this contact no more marketing; other templates and answers are still possible.',
  },
  media_deleted: {
    state: 'failed',
    move: 'client',
    title: 'A file that it sends was deleted before it went out',
    advice: 'Upload the file again and send a new message.',
  },
  media_expired: {
    state: 'failed',
    move: 'client',
    title: 'A file that it sends is not kept any more',
    advice:
      'Files are kept for 30 days after their last use (MEDIA_KEEP_DAYS). Upload it again and send a new message.',
  },
  target_not_sent: {
    state: 'failed',
    move: 'client',
    title: 'The message that it answers, reacts to or pins was never sent, or is not one of this client and sender',
    advice: 'Send it without that reference, or name a message that was sent.',
  },
  template_unusable: {
    state: 'failed',
    move: 'client',
    title: 'Its template was rejected or deleted after it was accepted',
    advice: 'Send a new message with a template that is approved.',
  },
  media_link_refused: {
    state: 'failed',
    move: 'client',
    title: 'A link of it cannot be fetched, or what is there is no file that Meta takes',
    advice: 'Look at the last attempt in its timeline, put the link right and send a new message.',
  },
  internal_build_error: {
    state: 'failed',
    move: 'operator',
    title: 'The request could not be built',
    advice: 'Its content was erased, or the access token of its sender cannot be decrypted: add the sender again.',
  },
  cancelled: {
    state: 'cancelled',
    move: 'nobody',
    title: 'Its client cancelled it before it was sent',
    advice: 'Send a new message if it is wanted after all.',
  },
  expired: {
    state: 'expired',
    move: 'client',
    title: 'Its time passed before it could be sent',
    advice: 'Send a new message if it is still wanted; give more time with expiresAt.',
  },
  never_proved: {
    state: 'unknown',
    move: 'client',
    title: 'The request was written, and no evidence of what became of it came in time',
    advice: 'Ask the recipient before it is sent again: it may have arrived. A late status still settles it.',
  },
  earlier_attempt_unproven: {
    state: 'unknown',
    move: 'client',
    title: 'It ended, and an earlier attempt may have gone through',
    advice: 'Ask the recipient before it is sent again: it may have arrived.',
  },
};

/** Words for what is no state, and stands in events. */
const MARKS: Readonly<Record<string, ReasonText>> = {
  presumed_dropped: {
    title: 'Meta took it and has not delivered it in the time it tries to: it is presumed dropped',
    advice: 'Send a new message if it is still wanted. A late status takes the mark away.',
  },
};

/** The words for a reason; a reason that is newer than this table speaks for itself. */
export function describeReason(reason: string): ReasonText {
  if (Object.hasOwn(MARKS, reason) && MARKS[reason] !== undefined) return MARKS[reason];
  return Object.hasOwn(REASONS, reason)
    ? REASONS[reason as DispatchReason]
    : { title: reason.replaceAll('_', ' '), advice: 'See the timeline of the message.' };
}
