/** How long a customer service window stays open after a message or call of the contact, ms (platform: conversations, §1.1). */
export const WINDOW_MS = 24 * 60 * 60_000;
const SECOND_MS = 1_000;

export const WINDOW_STATES = ['open', 'closed', 'unknown'] as const;
/** Whether the contact may get free-form messages; `unknown`: only Meta can tell. */
export type WindowStateName = (typeof WINDOW_STATES)[number];

/** What is known of a sender and one contact of it, as of an instant. */
export interface WindowFacts {
  /** When the contact last wrote or called in a way that opens the window for certain. */
  heardAt: Date | null;
  /** When a reaction, or something that Meta could not pass on, last came: it may have opened the window. */
  hintAt: Date | null;
  /** When Meta last said that the window is closed (131047). */
  closedByMetaAt: Date | null;
  /** Since when nothing that the contact wrote can have been missed; null while that is not so. */
  listeningSince: Date | null;
}

/** The window at an instant. `expiresAt` is null unless it is open; `isCertain` is false while only a hint, or nothing, speaks for it. */
export interface WindowState {
  name: WindowStateName;
  isCertain: boolean;
  expiresAt: Date | null;
}

/** The window as it is reported: exact, and hints count. */
export function windowState(facts: WindowFacts, at: Date): WindowState {
  const openedAt = later(facts.heardAt, facts.hintAt);
  const isShut = facts.closedByMetaAt !== null && (openedAt === null || isRefusedAfter(facts.closedByMetaAt, openedAt));
  if (isShut) return { name: 'closed', isCertain: true, expiresAt: null };
  if (openedAt !== null && at.getTime() - openedAt.getTime() < WINDOW_MS) {
    const expiresAt = new Date(openedAt.getTime() + WINDOW_MS);
    return { name: 'open', isCertain: openedAt === facts.heardAt, expiresAt };
  }
  const { listeningSince } = facts;
  const hasHeardAll = listeningSince !== null && at.getTime() - listeningSince.getTime() >= WINDOW_MS;
  return hasHeardAll
    ? { name: 'closed', isCertain: true, expiresAt: null }
    : { name: 'unknown', isCertain: false, expiresAt: null };
}

/** The window as the send rule reads it: hints do not count, and it ends `marginMs` early, since a request takes time. */
export function sendWindow(facts: WindowFacts, at: Date, marginMs: number): WindowStateName {
  return windowState({ ...facts, hintAt: null }, new Date(at.getTime() + marginMs)).name;
}

/** Meta tells whole seconds: a message of the second of a refusal came after it, or Meta would not have refused. */
const isRefusedAfter = (closedAt: Date, openedAt: Date) => closedAt.getTime() - openedAt.getTime() >= SECOND_MS;

const later = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b > a) ? b : a);
