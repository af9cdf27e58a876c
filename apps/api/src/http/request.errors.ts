import type { JsonFlaw } from './json-flaw.js';

/** What is wrong with one field: its limit and what kind of value came, never the value. */
export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

/** A request that is refused before anybody works on it; `code` is one of `PROBLEMS`. */
export class RequestRefusedError extends Error {
  constructor(
    readonly code: string,
    sentence: string,
    readonly errors: readonly FieldProblem[] = [],
  ) {
    super(sentence);
  }
}

/** The refusal of a body with a flaw. */
export function refuseFlaw({ code, field, message }: JsonFlaw): RequestRefusedError {
  if (field === '') return new RequestRefusedError(code, message);
  return new RequestRefusedError(code, `${field} ${message}`, [{ field, code, message: `${field} ${message}` }]);
}
