import { type ErrorScope, lookupError } from './error-catalog.js';
import { asArray, asInteger, asObject, asText, type JsonObject, parseJson } from './json.js';
import { sanitizeText, sanitizeTextTo } from './sanitize.js';

/**
 * What was seen of one request. `not_written`: no byte reached a socket. `answered`: a status line came, at `answeredAt` by Meta's clock; `body` is null
 * when it was cut off or too long. `lost`: handed to a socket, and no status line came. `not_built`: our own code could
 * not make the request. `code` names the cause (`ECONNREFUSED`) and never holds content.
 */
export type SendObservation =
  | { kind: 'not_written'; code: string }
  | { kind: 'not_built' }
  | { kind: 'answered'; httpStatus: number; body: string | null; retryAfterMs?: number; answeredAt?: Date }
  | { kind: 'lost'; code: string };

/** Stands in for a Graph code where our own code failed to build the request. */
export const INTERNAL_BUILD_ERROR = 'internal_build_error';

/** Stands in for a Graph code where we did not ask Graph: the recipient has stopped marketing. */
export const RECIPIENT_OPTED_OUT = 'recipient_opted_out';

/** Stands in for a Graph code where we did not ask Graph: free-form, and the customer service window is closed. */
export const WINDOW_CLOSED = 'window_closed';

/** Stand in for a Graph code where we did not ask Graph: a file of the message was deleted, or is kept no more. */
export const MEDIA_DELETED = 'media_deleted';
export const MEDIA_EXPIRED = 'media_expired';

/** Stands in for a Graph code where we did not ask Graph: the message that it answers was never sent. */
export const TARGET_NOT_SENT = 'target_not_sent';

/** Stands in for a Graph code where we did not ask Graph: its template cannot be sent any more. */
export const TEMPLATE_UNUSABLE = 'template_unusable';

/** Stands in for a Graph code where we did not ask Graph: a link of the message cannot be fetched. */
export const MEDIA_LINK_REFUSED = 'media_link_refused';

/** A Graph code; the HTTP status 429 where a throttled answer had none; or a reason of our own. */
export type SendErrorCode =
  | number
  | typeof INTERNAL_BUILD_ERROR
  | typeof RECIPIENT_OPTED_OUT
  | typeof WINDOW_CLOSED
  | typeof MEDIA_DELETED
  | typeof MEDIA_EXPIRED
  | typeof TARGET_NOT_SENT
  | typeof TEMPLATE_UNUSABLE
  | typeof MEDIA_LINK_REFUSED;

/** Why Meta (or we) refused. Texts are capped, storable in Postgres and free of the access token. */
export interface SendError {
  code: SendErrorCode;
  title: string;
  details: string;
  subcode?: number;
  fbtraceId?: string;
}

/** What became of an attempt (delivery-protocol §4). All waits are in ms. */
export type SendOutcome =
  | { kind: 'accepted'; wamid: string; waId?: string; userId?: string; messageStatus?: string; httpStatus: number }
  | { kind: 'not_sent'; reason: string }
  | {
      kind: 'throttled';
      code: number;
      scope: ErrorScope;
      /** PAUSE waits for an operator and raises an alert; RATE lifts by itself. */
      action: 'RATE' | 'PAUSE';
      error: SendError;
      httpStatus: number;
      retryAfterMs?: number;
      waitMs?: number;
    }
  | {
      kind: 'rejected_retryable';
      code: number;
      error: SendError;
      httpStatus: number;
      retryAfterMs?: number;
      waitMs?: number;
      /** Fewer burned attempts than the general limit, where the catalog says so. */
      maxAttempts?: number;
    }
  | {
      kind: 'rejected_permanent';
      code: SendErrorCode;
      error: SendError;
      httpStatus?: number;
      /** By Meta's clock, whole seconds. */
      answeredAt?: Date;
    }
  | { kind: 'uncertain'; http2xx: boolean; httpStatus?: number; reason: string };

const MAX_DETAILS = 1_000;
/** Real ones have about 60 characters; what is longer is no id, and no index would take it. */
const MAX_WAMID = 512;
/** Meta repeats a malformed token in its own words. */
const META_TOKEN = /\bEAA[0-9A-Za-z]{16,}/g;

/**
 * The outcome of one request; the first row that fits wins. `hide` are texts that may not survive in an error, such as
 * the access token. 131047 comes out `rejected_permanent`: a caller that has an unused `windowFallback` goes by `code`.
 */
export function classifySendResult(observation: SendObservation, hide: readonly string[] = []): SendOutcome {
  switch (observation.kind) {
    case 'not_written':
      return { kind: 'not_sent', reason: observation.code };
    case 'not_built':
      return { kind: 'rejected_permanent', code: INTERNAL_BUILD_ERROR, error: BUILD_ERROR };
    case 'lost':
      return { kind: 'uncertain', http2xx: false, reason: observation.code };
    case 'answered':
      return classifyAnswer(observation, hide);
  }
}

const BUILD_ERROR: SendError = {
  code: INTERNAL_BUILD_ERROR,
  title: 'The request could not be built',
  details: 'The stored message or the access token cannot be made into a request. Nothing was sent.',
};

type Answer = Extract<SendObservation, { kind: 'answered' }>;

function classifyAnswer({ httpStatus, body, retryAfterMs, answeredAt }: Answer, hide: readonly string[]): SendOutcome {
  const answer = asObject(body === null ? null : parseJson(body));
  if (httpStatus >= 200 && httpStatus < 300) {
    return (
      accepted(answer, httpStatus) ?? {
        kind: 'uncertain',
        http2xx: true,
        httpStatus,
        reason: reasonOf(body, 'no_message_id'),
      }
    );
  }
  const graphError = asObject(answer?.error);
  const code = asInteger(graphError?.code);
  if (!graphError || code === null) {
    return httpStatus === 429
      ? { kind: 'throttled', code: 429, scope: 'app', action: 'RATE', error: BARE_429, httpStatus, retryAfterMs }
      : { kind: 'uncertain', http2xx: false, httpStatus, reason: reasonOf(body, 'no_graph_error') };
  }
  return classifyGraphError(graphError, code, { httpStatus, retryAfterMs, answeredAt, hide });
}

function reasonOf(body: string | null, whenWhole: string): string {
  return body === null ? 'answer_cut' : whenWhole;
}

const BARE_429: SendError = { code: 429, title: 'Too many requests', details: 'HTTP 429 without a Graph error.' };

function accepted(answer: JsonObject | null, httpStatus: number): SendOutcome | null {
  const message = asObject(asArray(answer?.messages)[0]);
  const contact = asObject(asArray(answer?.contacts)[0]);
  const wamid = asText(message?.id);
  if (wamid === null || wamid.length > MAX_WAMID) return null;
  return {
    kind: 'accepted',
    wamid: sanitizeText(wamid),
    waId: optionalText(contact?.wa_id),
    userId: optionalText(contact?.user_id),
    messageStatus: optionalText(message?.message_status),
    httpStatus,
  };
}

interface Refusal {
  httpStatus: number;
  retryAfterMs: number | undefined;
  answeredAt: Date | undefined;
  hide: readonly string[];
}

function classifyGraphError(graphError: JsonObject, code: number, refusal: Refusal): SendOutcome {
  const { httpStatus, retryAfterMs, answeredAt, hide } = refusal;
  const isTransient = graphError.is_transient === true;
  const { action, scope, title, waitMs, maxAttempts } = lookupError({ code, isTransient, httpStatus });
  const error = describe(graphError, { code, title, hide });

  if (action === 'RATE' || httpStatus === 429) {
    const held = action === 'RATE' ? scope : 'app';
    return { kind: 'throttled', code, scope: held, action: 'RATE', error, httpStatus, retryAfterMs, waitMs };
  }
  if (action === 'PAUSE') {
    return { kind: 'throttled', code, scope, action, error, httpStatus, retryAfterMs, waitMs };
  }
  if (action === 'RETRY') {
    return { kind: 'rejected_retryable', code, error, httpStatus, retryAfterMs, waitMs, maxAttempts };
  }
  if (isTransient || httpStatus >= 500) {
    return { kind: 'rejected_retryable', code, error, httpStatus, retryAfterMs, maxAttempts: DOUBTFUL_ATTEMPTS };
  }
  return { kind: 'rejected_permanent', code, error, httpStatus, answeredAt };
}

/** Attempts for an error that looks permanent by its code and passing by its form. */
const DOUBTFUL_ATTEMPTS = 3;

function describe(
  graphError: JsonObject,
  { code, title, hide }: { code: number; title: string; hide: readonly string[] },
): SendError {
  const details = [asObject(graphError.error_data)?.details, graphError.error_user_msg, graphError.message]
    .map(asText)
    .find((text) => text !== null);
  return {
    code,
    title,
    details: sanitizeTextTo(MAX_DETAILS, withoutSecrets(details ?? '', hide)),
    subcode: asInteger(graphError.error_subcode) ?? undefined,
    fbtraceId: optionalText(graphError.fbtrace_id),
  };
}

function withoutSecrets(text: string, hide: readonly string[]): string {
  return hide
    .filter((secret) => secret !== '')
    .reduce((shown, secret) => shown.replaceAll(secret, '[hidden]'), text)
    .replaceAll(META_TOKEN, '[hidden]');
}

function optionalText(value: unknown): string | undefined {
  const text = asText(value);
  return text === null ? undefined : sanitizeTextTo(MAX_DETAILS, text);
}
