export {
  ApiKeyNotFoundError,
  ClientDisabledError,
  ClientNameTakenError,
  ClientNotFoundError,
  GrantTooWideError,
  KeyInQueryError,
  KeyMissingError,
  KeyRefusedError,
  RouteNotDeclaredError,
  ScopeMissingError,
} from './access.errors.js';
export { AccessGuard } from './access.guard.js';
export { AccessModule } from './access.module.js';
export { ADMIN_CLIENT, AUTHENTICATION_TTL_MS, AuthenticateService } from './authenticate.service.js';
export { ClientDirectory } from './client-directory.js';
export { CreateApiKeyService, type NewApiKey } from './create-api-key.service.js';
export { CreateClientService } from './create-client.service.js';
export { CurrentPrincipal } from './current-principal.decorator.js';
export { DisableClientService } from './disable-client.service.js';
export { EnableClientService } from './enable-client.service.js';
export type { ApiKey, Client } from './domain/client.js';
export { type Grant, hasScope, mayUseSender, type Principal } from './domain/principal.js';
export { hashRequest, type RequestParts } from './domain/request-hash.js';
export { isScope, type Scope, SCOPES } from './domain/scope.js';
export { EnsureClientService } from './ensure-client.service.js';
export { RecentReads, type RecentReadsOptions } from './recent-reads.js';
export { REQUIRED_SCOPE, RequireScope } from './require-scope.decorator.js';
export { RevokeApiKeyService } from './revoke-api-key.service.js';
