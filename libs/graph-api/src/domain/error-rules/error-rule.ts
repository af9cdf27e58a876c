/**
 * What a machine does about an error.
 * - RETRY: the same request again, after a growing wait
 * - RATE: the scope waits, then the request again
 * - LATER: not before a day or more; never at once
 * - PAUSE: the scope stops until an operator has acted
 * - FAIL: final for this message
 * - SUPPRESS: final, and the recipient is not to be contacted (for that purpose) again
 * - TEMPLATE: final; only a template may be sent
 * - FIX: final; the request or a setting is wrong
 */
export type ErrorAction = 'RETRY' | 'RATE' | 'LATER' | 'PAUSE' | 'FAIL' | 'SUPPRESS' | 'TEMPLATE' | 'FIX';

/**
 * What an error is about, from one message to every sender of a token; `pair` is one sender to one recipient. RATE and
 * PAUSE on `message` hold nothing else back: the message alone waits `waitMs` (a blocked Flow, payment terms).
 */
export type ErrorScope =
  'message' | 'recipient' | 'pair' | 'sender' | 'template' | 'waba' | 'portfolio' | 'app' | 'access_token';

/** All that Herald knows about an error. */
export interface ErrorRule {
  action: ErrorAction;
  scope: ErrorScope;
  /** A few words, for people. */
  title: string;
  /** What an operator or developer should do. */
  advice: string;
  /** Burned attempts after which to stop, where that is fewer than usual. */
  maxAttempts?: number;
  /** Least wait before the next attempt, where one is known. */
  waitMs?: number;
  /** Its scope is paused as well, though the message itself has ended. */
  pausesScope?: true;
  /** Where the meaning of the code was taken from. */
  source: string;
}

/** A code, several codes that mean the same, or all codes of a range, both ends included. */
export type Codes = number | readonly number[] | { from: number; to: number };

/** Columns: codes, action, scope, title, advice, and what only few rows have. */
export type ErrorRow = readonly [
  codes: Codes,
  action: ErrorAction,
  scope: ErrorScope,
  title: string,
  advice: string,
  extra?: Partial<Pick<ErrorRule, 'maxAttempts' | 'waitMs' | 'pausesScope' | 'source'>>,
];

/** Where the rows of a table come from. */
export const SOURCES = {
  meta: 'https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes',
  graph: 'https://developers.facebook.com/docs/graph-api/guides/error-handling',
  rateLimits: 'https://developers.facebook.com/docs/graph-api/overview/rate-limiting',
  community: 'https://github.com/david-lev/pywa/blob/master/pywa/errors.py',
  userIds: 'https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids',
  blockUsers: 'https://developers.facebook.com/documentation/business-messaging/whatsapp/block-users',
} as const;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
