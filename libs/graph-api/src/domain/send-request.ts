import type { MetaMessage } from './message-types.js';
import { type Recipient, recipientMembers } from './recipient.js';

/** Meta's endpoints that take messages: the plain one, and that of the Marketing Messages API. */
export const META_APIS = ['messages', 'marketing_messages'] as const;
export type MetaApi = (typeof META_APIS)[number];

/** What makes a message of ours a request to Graph. */
export interface SendBodyParts {
  recipient: Recipient;
  message: MetaMessage;
  /** From `attemptId`; takes the place of the caller's own `biz_opaque_callback_data`. */
  attemptId: string;
}

/**
 * The JSON body of `POST /{phone-number-id}/messages`. The message goes as it came: false, 0, "" and members we do not
 * know survive. Who it goes to is said by Herald alone: beside a user id or a group no other recipient goes along.
 */
export function buildSendBody({ recipient, message, attemptId }: SendBodyParts): MetaMessage {
  const { to: _to, recipient: _recipient, recipient_type: _type, ...content } = message;
  return {
    ...content,
    messaging_product: 'whatsapp',
    ...recipientMembers(recipient),
    biz_opaque_callback_data: attemptId,
  };
}
