/**
 * service           a customer service window, with all that moved its end
 * free_entry_point  72 hours in which everything is free, from the answer to somebody who came through an ad
 * cbp               a conversation of the model before 2025-07, as Meta named it; `category` is its origin
 */
export const CONVERSATION_KINDS = ['service', 'free_entry_point', 'cbp'] as const;
export type ConversationKind = (typeof CONVERSATION_KINDS)[number];

/** What is true of a conversation, by what is known. It is open from `openedAt` until just before `expiresAt`; never, where these are one (`wasOpen`). */
export interface Conversation {
  kind: ConversationKind;
  category: string | null;
  /** The number or user id that opened it. */
  contact: string;
  openedAt: Date;
  /** Wamid, or id of a call. */
  openedBy: string;
  lastHeardAt: Date;
  /** Until when more than a reaction, or what Meta could not pass on, speaks for it; null: nothing more does. */
  certainUntil: Date | null;
  /** How often its end moved: once for each instant at which the contact was heard again. */
  extendedCount: number;
  expiresAt: Date;
  metaId: string | null;
  /** As Meta said it. */
  metaExpiresAt: Date | null;
}

/** A conversation that is stored. */
export interface KnownConversation extends Conversation {
  id: string;
}

/** One that is read to be changed. */
export interface StoredConversation extends KnownConversation {
  /** The key of a contact, or an identifier by which nobody is known. */
  contactKey: string;
}

/** Whether it was open at some instant; one that Meta names while nothing may open was not. */
export const wasOpen = ({ openedAt, expiresAt }: Pick<Conversation, 'openedAt' | 'expiresAt'>): boolean =>
  openedAt < expiresAt;

/** Whether some instant belongs to both. */
export const overlap = (
  a: Pick<Conversation, 'openedAt' | 'expiresAt'>,
  b: Pick<Conversation, 'openedAt' | 'expiresAt'>,
): boolean => a.openedAt < b.expiresAt && b.openedAt < a.expiresAt;
