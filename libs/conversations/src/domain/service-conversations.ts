import type { Conversation } from './conversation.js';
import { WINDOW_MS } from './window-state.js';

/** The contact wrote or called. `isHint`: it may not count (a reaction, or what Meta could not pass on). */
export interface HeardFact {
  contact: string;
  at: Date;
  id: string;
  isHint: boolean;
}

/**
 * The customer service windows that follow from what was heard, whatever order it comes in: each moves the end to 24 hours after
 * itself, and what comes at the end or later opens the next.
 * @param before the window that goes on, when all facts are later than what it last heard
 */
export function serviceConversations(before: Conversation | null, facts: readonly HeardFact[]): Conversation[] {
  const windows: Conversation[] = before === null ? [] : [before];
  for (const fact of facts.toSorted(inOrder)) {
    const current = windows.at(-1);
    if (current !== undefined && fact.at < current.expiresAt) windows[windows.length - 1] = extended(current, fact);
    else windows.push(opened(fact));
  }
  return windows;
}

/**
 * A window as it stood at an instant, at which it was open: what was heard later had moved nothing.
 * @param facts of the contact, any
 */
export function serviceConversationAt(window: Conversation, facts: readonly HeardFact[], at: Date): Conversation {
  const until = facts.filter((fact) => fact.at >= window.openedAt && fact.at <= at);
  return serviceConversations(null, until).at(-1) ?? window;
}

const inOrder = (a: HeardFact, b: HeardFact) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1);

const opened = ({ contact, at, id, isHint }: HeardFact): Conversation => ({
  kind: 'service',
  category: null,
  contact,
  openedAt: at,
  openedBy: id,
  lastHeardAt: at,
  certainUntil: isHint ? null : endOf(at),
  extendedCount: 0,
  expiresAt: endOf(at),
  metaId: null,
  metaExpiresAt: null,
});

const extended = (window: Conversation, { at, isHint }: HeardFact): Conversation => ({
  ...window,
  lastHeardAt: at,
  certainUntil: isHint ? window.certainUntil : endOf(at),
  extendedCount: window.extendedCount + (at > window.lastHeardAt ? 1 : 0),
  expiresAt: endOf(at),
});

const endOf = (at: Date) => new Date(at.getTime() + WINDOW_MS);
