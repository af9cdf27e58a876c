import { SetMetadata } from '@nestjs/common';
import type { Scope } from './domain/scope.js';

/** Metadata that holds the scope of a route. */
export const REQUIRED_SCOPE = 'herald:required-scope';

/** Names the one scope that a key must have for this route, or for every route of this controller. */
export const RequireScope = (scope: Scope) => SetMetadata(REQUIRED_SCOPE, scope);
