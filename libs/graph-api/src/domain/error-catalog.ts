import { ADMINISTRATION } from './error-rules/administration.js';
import { AUTHORISATION } from './error-rules/authorisation.js';
import { type Codes, type ErrorRow, type ErrorRule, SOURCES } from './error-rules/error-rule.js';
import { SENDING } from './error-rules/sending.js';
import { TEMPLATES } from './error-rules/templates.js';
import { THROTTLING } from './error-rules/throttling.js';

export type { ErrorAction, ErrorRule, ErrorScope } from './error-rules/error-rule.js';

/** One row of the catalog: what to do, and the codes it is for. */
export interface CatalogEntry extends ErrorRule {
  codes: Codes;
}

/** Every error code that Meta documents, or is known to send, for WhatsApp: the one place that says what each means. */
export const ERROR_CATALOG: readonly CatalogEntry[] = [
  ...AUTHORISATION,
  ...THROTTLING,
  ...SENDING,
  ...TEMPLATES,
  ...ADMINISTRATION,
].map(entry);

function entry([codes, action, scope, title, advice, extra]: ErrorRow): CatalogEntry {
  return { codes, action, scope, title, advice, source: SOURCES.meta, ...extra };
}

/** An error as it came. `httpStatus` is left out for one that arrived in a webhook. */
export interface ErrorSighting {
  code: number;
  isTransient?: boolean;
  httpStatus?: number;
}

/** What to do about an error: its own row, else its range's, else by `is_transient`, else by HTTP status, else to give up. */
export function lookupError({ code, isTransient, httpStatus }: ErrorSighting): ErrorRule {
  return BY_CODE.get(code) ?? rangeOf(code) ?? (isTransient ? UNKNOWN.passing : byHttpStatus(httpStatus));
}

/** Whether the catalog has a row for this code. One that has none is worth an alert. */
export function isKnownError(code: number): boolean {
  return BY_CODE.has(code) || rangeOf(code) !== undefined;
}

const BY_CODE: ReadonlyMap<number, CatalogEntry> = new Map(
  ERROR_CATALOG.flatMap((row) => exactCodes(row.codes).map((code) => [code, row] as const)),
);

function exactCodes(codes: Codes): readonly number[] {
  if (typeof codes === 'number') return [codes];
  return 'from' in codes ? [] : codes;
}

function rangeOf(code: number): CatalogEntry | undefined {
  return ERROR_CATALOG.find(
    ({ codes }) => typeof codes === 'object' && 'from' in codes && codes.from <= code && code <= codes.to,
  );
}

function byHttpStatus(httpStatus: number | undefined): ErrorRule {
  if (httpStatus === undefined) return UNKNOWN.inWebhook;
  if (httpStatus === 429) return UNKNOWN.throttled;
  return httpStatus >= 500 ? UNKNOWN.passing : UNKNOWN.refused;
}

const UNKNOWN = {
  passing: {
    action: 'RETRY',
    scope: 'message',
    title: 'Unknown error that should pass',
    advice: 'Nothing to do at first: the message is tried again. Look the code up in Meta’s list if it stays.',
    maxAttempts: 3,
    source: SOURCES.graph,
  },
  throttled: {
    action: 'RATE',
    scope: 'app',
    title: 'Too many requests',
    advice: 'Nothing to do: sending slows down.',
    source: SOURCES.rateLimits,
  },
  refused: {
    action: 'FIX',
    scope: 'message',
    title: 'Unknown error',
    advice: 'Look the code up in Meta’s list and correct the request or the setting that it names.',
    source: SOURCES.meta,
  },
  inWebhook: {
    action: 'FAIL',
    scope: 'message',
    title: 'Unknown error after acceptance',
    advice: 'Look the code up in Meta’s list. The message was not delivered and is not sent again by itself.',
    source: SOURCES.meta,
  },
} as const satisfies Record<string, ErrorRule>;
