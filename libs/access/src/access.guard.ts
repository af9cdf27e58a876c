import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { OPEN_ROUTE } from '#observability';
import {
  KeyInQueryError,
  KeyMissingError,
  KeyRefusedError,
  RouteNotDeclaredError,
  ScopeMissingError,
} from './access.errors.js';
import { AuthenticateService } from './authenticate.service.js';
import { keyInHeader } from './domain/api-key.js';
import { hasScope, type Principal } from './domain/principal.js';
import type { Scope } from './domain/scope.js';
import { REQUIRED_SCOPE } from './require-scope.decorator.js';

/** The part of a request that the guard reads, and the principal it leaves there. */
export interface RequestWithPrincipal {
  headers: { authorization?: string };
  query?: unknown;
  principal?: Principal;
}

/** Denies by default: a route answers keys that have its scope, everybody when it is declared open, and nobody when it is neither. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticate: AuthenticateService,
  ) {}

  /** @throws one of the HTTP errors of access.errors.ts; never answers false */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const declared = [context.getHandler(), context.getClass()];
    const scope = this.reflector.getAllAndOverride<Scope | undefined>(REQUIRED_SCOPE, declared);
    if (scope === undefined) {
      if (this.reflector.getAllAndOverride<string | undefined>(OPEN_ROUTE, declared) !== undefined) return true;
      throw new RouteNotDeclaredError();
    }
    const request = context.switchToHttp().getRequest<RequestWithPrincipal>();
    const principal = await this.principalOf(request);
    if (!hasScope(principal, scope)) throw new ScopeMissingError(scope);
    request.principal = principal;
    return true;
  }

  private async principalOf({ headers, query }: RequestWithPrincipal): Promise<Principal> {
    if (typeof query === 'object' && query !== null && 'access_token' in query) throw new KeyInQueryError();
    if (headers.authorization === undefined) throw new KeyMissingError();
    const key = keyInHeader(headers.authorization);
    const principal = key === null ? null : await this.authenticate.authenticate(key);
    if (principal === null) throw new KeyRefusedError();
    return principal;
  }
}
