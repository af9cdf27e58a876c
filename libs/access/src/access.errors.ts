import { HttpException, HttpStatus } from '@nestjs/common';
import type { Scope } from './domain/scope.js';

/** No key came with the request, or not where keys belong. */
export class KeyMissingError extends HttpException {
  readonly code = 'unauthenticated';
  constructor() {
    super('Send an API key as Authorization: Bearer hk_…', HttpStatus.UNAUTHORIZED);
  }
}

/** The key is not, or no longer, a key of Herald. */
export class KeyRefusedError extends HttpException {
  readonly code = 'invalid_api_key';
  constructor() {
    super(
      'This API key is not valid: it was never made, was revoked, or its client is disabled',
      HttpStatus.UNAUTHORIZED,
    );
  }
}

/** A key came in the address, where logs and proxies keep it: it counts as leaked. */
export class KeyInQueryError extends HttpException {
  readonly code = 'key_in_query';
  constructor() {
    super(
      'Keys travel in the Authorization header only; revoke the one that was put into the address',
      HttpStatus.UNAUTHORIZED,
    );
  }
}

/** The key is valid and does not have the scope of the route. */
export class ScopeMissingError extends HttpException {
  readonly code = 'scope_missing';
  constructor(readonly scope: Scope) {
    super(`This key does not have the scope ${scope}`, HttpStatus.FORBIDDEN);
  }
}

/** The route names no scope and is not declared open: a mistake of ours, and nobody gets through. */
export class RouteNotDeclaredError extends HttpException {
  readonly code = 'route_not_declared';
  constructor() {
    super('This route does not say which scope it needs, so it answers nobody', HttpStatus.FORBIDDEN);
  }
}

/** A key would hand on more than it has. */
export class GrantTooWideError extends Error {
  readonly code = 'grant_too_wide';
  constructor(beyond: { scopes: readonly string[]; senders: 'all' | readonly string[] }) {
    const scopes = beyond.scopes.length > 0 ? `scopes ${beyond.scopes.join(', ')}` : null;
    const senders = beyond.senders.length > 0 ? 'senders that your key may not use' : null;
    super(`A key can only give what it has itself; beyond it: ${[scopes, senders].filter(Boolean).join(' and ')}`);
  }
}

/** Another client has this name, or Herald keeps it for itself. */
export class ClientNameTakenError extends Error {
  readonly code = 'client_name_taken';
  constructor() {
    super('There is a client of this name already');
  }
}

/** There is no client of this id. */
export class ClientNotFoundError extends Error {
  readonly code = 'client_not_found';
  constructor() {
    super('There is no client of this id');
  }
}

/** The client was disabled: it gets no new keys. */
export class ClientDisabledError extends Error {
  readonly code = 'client_disabled';
  constructor() {
    super('This client is disabled and gets no new keys');
  }
}

/** The client has no key of this id. */
export class ApiKeyNotFoundError extends Error {
  readonly code = 'api_key_not_found';
  constructor() {
    super('The client has no key of this id');
  }
}
