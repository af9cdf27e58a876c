import { HttpException } from '@nestjs/common';
import { databaseErrorKind, sqlState } from '#persistence';
import { PROBLEMS, type ProblemRule } from './problems.js';
import type { FieldProblem } from './request.errors.js';

/** An RFC 9457 problem, as it is sent. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  /** Names the one request that failed: the id that the log has, too. */
  instance: string;
  errors?: FieldProblem[];
  /** The message that has the clientReference. */
  messageId?: string;
}

/** What an error becomes: the problem, when to ask again, and whether it is our own fault. */
export interface Answer {
  problem: Problem;
  retryAfterSeconds: number | undefined;
  isOurs: boolean;
}

/** Facts that errors may carry into a problem. */
interface Facts {
  code?: unknown;
  message?: unknown;
  errors?: unknown;
  field?: unknown;
  messageId?: unknown;
}

/** The answer to an error. Of an error that is not written for callers nothing is told but its code. */
export function answerTo(error: unknown, requestId: string): Answer {
  const facts: Facts = typeof error === 'object' && error !== null ? error : {};
  const isWritten = typeof facts.code === 'string' && Object.hasOwn(PROBLEMS, facts.code);
  const code = isWritten ? String(facts.code) : codeOf(error);
  const { status, title, retryAfterSeconds } = PROBLEMS[code] ?? INTERNAL_ERROR;
  const detail = isWritten && typeof facts.message === 'string' ? facts.message : title;
  const problem: Problem = {
    type: `urn:herald:problem:${code}`,
    title,
    status,
    detail,
    code,
    instance: `urn:uuid:${requestId}`,
    ...(isWritten ? extensions(facts, code, detail) : {}),
  };
  return { problem, retryAfterSeconds, isOurs: status >= 500 };
}

const INTERNAL_ERROR: ProblemRule = { status: 500, title: 'Something went wrong on our side' };

function extensions({ errors, field, messageId }: Facts, code: string, detail: string): Partial<Problem> {
  if (Array.isArray(errors) && errors.length > 0) return { errors: errors as FieldProblem[] };
  if (typeof field === 'string') return { errors: [{ field, code, message: detail }] };
  return typeof messageId === 'string' ? { messageId } : {};
}

function codeOf(error: unknown): string {
  if (error instanceof HttpException) return CODE_OF_STATUS[error.getStatus()] ?? 'internal_error';
  switch (databaseErrorKind(error)) {
    case 'lost':
      return 'database_unavailable';
    case 'repeat':
      return 'database_busy';
    case 'data':
      // Class 22: the value itself. Class 23 is a rule of ours that we ran into: a mistake.
      return sqlState(error)?.startsWith('22') ? 'unstorable_value' : 'internal_error';
    case 'unique':
    case 'other':
      return 'internal_error';
  }
}

/** Errors of Nest and Fastify say no code of ours. */
const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  422: 'validation_failed',
  503: 'stopping',
};
