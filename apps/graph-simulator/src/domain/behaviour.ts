/** Which of the configured delays a status waits for; `later` is twice the delay of `read`. */
export type Moment = 'sent' | 'delivered' | 'read' | 'later';

/** One status to come: what it says, when it arrives, and for `failed` with which error. */
export interface StatusStep {
  status: string;
  at: Moment;
  code?: number;
}

/** What is written to the socket. */
export type Answer =
  | { kind: 'success' }
  | { kind: 'graph_error'; code: number }
  /** The socket is destroyed instead of an answer. */
  | { kind: 'close' }
  /** The socket stays open and silent until the client gives up. */
  | { kind: 'silence' }
  /** A 200 whose body ends before the announced length. */
  | { kind: 'truncated' }
  /** Something that is no Graph answer. */
  | { kind: 'raw'; httpStatus: number; headers: Record<string, string>; body: string };

/** What the customer does after reading. */
export type Reply = 'text' | 'button' | 'reaction';

/** All that a scenario can change about one send. */
export interface Behaviour {
  answer: Answer;
  answerDelayMs: number;
  /** Whether the message is taken (it gets a wamid and its statuses), whatever the answer says. */
  accepts: boolean;
  /** Attempts per recipient that behave this way; those after them are plain. */
  firstAttempts: number;
  /** In the order of arrival. */
  statuses: readonly StatusStep[];
  /** Added to the arrival of every status. */
  statusDelayMs: number;
  /** How many of the statuses are delivered before the answer is written. */
  statusesBeforeAnswer: number;
  eachStatusTwice: boolean;
  /** Whether statuses echo `biz_opaque_callback_data`. */
  echoesCallbackData: boolean;
  /** Template messages only: `messages[0].message_status`. */
  messageStatus: 'accepted' | 'held_for_quality_assessment' | 'paused';
  /** Whether `contacts[0].wa_id` is another number than the one that was sent to. */
  waIdDiffers: boolean;
  reply: Reply | null;
}

const USUAL_STATUSES: readonly StatusStep[] = [
  { status: 'sent', at: 'sent' },
  { status: 'delivered', at: 'delivered' },
  { status: 'read', at: 'read' },
];

/** Accepted at once, then sent, delivered and read. */
export const PLAIN: Behaviour = {
  answer: { kind: 'success' },
  answerDelayMs: 0,
  accepts: true,
  firstAttempts: Infinity,
  statuses: USUAL_STATUSES,
  statusDelayMs: 0,
  statusesBeforeAnswer: 0,
  eachStatusTwice: false,
  echoesCallbackData: true,
  messageStatus: 'accepted',
  waIdDiffers: false,
  reply: null,
};
