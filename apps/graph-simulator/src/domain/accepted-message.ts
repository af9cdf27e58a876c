import type { Behaviour } from './behaviour.js';
import type { Charge } from './charge.js';
import type { Recipient } from './identity.js';

/** The business number that sent a message, as webhooks name it. */
export interface SenderNumber {
  phoneNumberId: string;
  wabaId: string;
  /** Digits only. */
  displayPhoneNumber: string;
}

/** A message that the simulator took: all that its statuses need to know. */
export interface AcceptedMessage {
  wamid: string;
  sender: SenderNumber;
  recipient: Recipient;
  type: string;
  isVoice: boolean;
  callbackData: string | null;
  /** ms; statuses count from here. */
  acceptedAt: number;
  behaviour: Behaviour;
  charge: Charge;
  /** A free-form message outside the customer service window: it will fail with 131047. */
  isOutsideWindow: boolean;
}
