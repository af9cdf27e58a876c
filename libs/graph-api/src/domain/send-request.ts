import type { MetaMessage } from './message-types.js';

/** What makes a message of ours a request to Graph. `to` is the recipient's digits, with or without the leading `+`. */
export interface SendBodyParts {
  to: string;
  message: MetaMessage;
  /** From `attemptId`; takes the place of the caller's own `biz_opaque_callback_data`. */
  attemptId: string;
}

/**
 * The JSON body of `POST /{phone-number-id}/messages`. The message goes as it came: false, 0, "" and members we do not
 * know survive. The number always has its `+`, without which Meta may prefix the sender's own country.
 */
export function buildSendBody({ to, message, attemptId }: SendBodyParts): MetaMessage {
  return {
    ...message,
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: to.startsWith('+') ? to : `+${to}`,
    biz_opaque_callback_data: attemptId,
  };
}
