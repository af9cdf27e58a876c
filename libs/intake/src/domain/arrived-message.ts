import type { AppMessage } from '#graph-api';

/** A message that a notification brought, and what is asked of it when messages are deleted. */
export interface ArrivedMessage {
  wamid: string;
  phoneNumberId: string;
  type: string;
  targetWamid: string | null;
  timestamp: number | null;
  inboxId: string;
  receivedAt: Date;
}

/** A message of the WhatsApp Business app, with where and when it came. */
export type ArrivedAppMessage = AppMessage & ArrivedMessage;
