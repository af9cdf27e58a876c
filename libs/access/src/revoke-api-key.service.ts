import { Injectable } from '@nestjs/common';
import { AccessRepository } from './access.repository.js';
import { ApiKeyNotFoundError } from './access.errors.js';
import { AuthenticateService } from './authenticate.service.js';
import type { ApiKey } from './domain/client.js';

/** Revokes a key: at once in this process, within AUTHENTICATION_TTL_MS in every other one. Revoking it again changes nothing. */
@Injectable()
export class RevokeApiKeyService {
  constructor(
    private readonly repository: AccessRepository,
    private readonly authenticate: AuthenticateService,
  ) {}

  /** @throws ApiKeyNotFoundError when the client has no key of this id */
  async revoke(clientId: string, keyId: string): Promise<ApiKey> {
    const key = await this.repository.revokeKey(clientId, keyId);
    if (key === null) throw new ApiKeyNotFoundError();
    this.authenticate.forget();
    return key;
  }
}
