import {
  MEDIA_DELETED,
  MEDIA_EXPIRED,
  MEDIA_LINK_REFUSED,
  RECIPIENT_OPTED_OUT,
  type SendErrorCode,
  type SendOutcome,
  TARGET_NOT_SENT,
  TEMPLATE_UNUSABLE,
  WINDOW_CLOSED,
} from '#graph-api';
import type { FetchedLinks, PreparedMessage } from '#media';
import type { TargetedMessage } from '../targets/targets.service.js';

/** A message as Meta can read it, or why it cannot be sent (now). */
export type ReadyMessage =
  | PreparedMessage
  | Exclude<FetchedLinks, { kind: 'ready' }>
  | TargetedMessage
  | { kind: TemplateObstacle }
  | { kind: RecipientObstacle };

/** Why a recipient may not get a message (now): closed for what is free-form, or no marketing wanted. */
export type RecipientObstacle = 'window_closed' | 'opted_out' | 'choice_not_read';

/** Why a template may not go out (now). */
export type TemplateObstacle = 'template_paused' | 'template_recategorised' | 'template_unusable';

const ended = (code: SendErrorCode, title: string, details = 'Nothing was sent.'): SendOutcome => ({
  kind: 'rejected_permanent',
  code,
  error: { code, title, details },
});

/** The outcome of a message that its recipient, a file, target or template keeps from being sent: no request is made. */
export function unsendable(prepared: Exclude<ReadyMessage, { kind: 'ready' }>): SendOutcome {
  switch (prepared.kind) {
    case 'window_closed':
      return ended(WINDOW_CLOSED, 'The customer service window is closed');
    case 'opted_out':
      return ended(RECIPIENT_OPTED_OUT, 'The recipient has stopped marketing');
    case 'media_deleted':
      return ended(MEDIA_DELETED, 'A file of it was deleted');
    case 'media_expired':
      return ended(MEDIA_EXPIRED, 'A file of it is kept no more');
    case 'refused':
      return ended(prepared.code, 'Meta refused a file of it', prepared.details);
    case 'link_refused':
      return ended(MEDIA_LINK_REFUSED, 'A link of it cannot be fetched', prepared.details);
    case 'template_unusable':
      return ended(TEMPLATE_UNUSABLE, 'Its template cannot be sent any more');
    case 'target_not_sent':
      return ended(TARGET_NOT_SENT, 'The message that it answers was never sent');
    case 'retry':
      return { kind: 'not_sent', reason: 'media_not_ready' };
    case 'targets_not_read':
    case 'choice_not_read':
    case 'awaits_target':
    case 'template_paused':
    case 'template_recategorised':
      return { kind: 'not_sent', reason: prepared.kind };
  }
}
