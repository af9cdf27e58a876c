import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { RequestWithPrincipal } from './access.guard.js';
import { KeyMissingError } from './access.errors.js';
import type { Principal } from './domain/principal.js';

/** Gives a route its caller. @throws KeyMissingError on an open route, which has none */
export const CurrentPrincipal = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<RequestWithPrincipal>();
  if (principal === undefined) throw new KeyMissingError();
  return principal;
});
