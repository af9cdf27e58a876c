import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** What makes two requests with one Idempotency-Key the same request. */
export interface RequestParts {
  method: string;
  /** The template of the route, not the address: `/v1/messages`. */
  route: string;
  /** The parsed JSON body. */
  body: unknown;
}

/** SHA-256 of method, route and canonical body: the order of members and the spaces between them do not count. */
export function hashRequest({ method, route, body }: RequestParts): Buffer {
  const canonical = canonicalize(body) ?? '';
  return hash('sha256', `${method.toUpperCase()}\n${route}\n${canonical}`, 'buffer');
}
