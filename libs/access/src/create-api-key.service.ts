import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AccessRepository } from './access.repository.js';
import { ClientDisabledError, ClientNotFoundError, GrantTooWideError } from './access.errors.js';
import { apiKeyFrom } from './domain/api-key.js';
import type { ApiKey } from './domain/client.js';
import { beyondGrant, type Grant } from './domain/principal.js';

export interface NewApiKey extends Grant {
  clientId: string;
  /** What the maker of the key may do; left out by an operator at the machine itself. */
  grantedBy?: Grant;
}

/** Makes a key of a client. */
@Injectable()
export class CreateApiKeyService {
  constructor(private readonly repository: AccessRepository) {}

  /**
   * @returns the row and `key`, which nobody can be shown again
   * @throws ClientNotFoundError, ClientDisabledError, GrantTooWideError
   */
  async create({ clientId, grantedBy, ...grant }: NewApiKey): Promise<ApiKey & { key: string }> {
    const beyond = grantedBy === undefined ? null : beyondGrant(grantedBy, grant);
    if (beyond !== null && beyond.scopes.length + beyond.senders.length > 0) throw new GrantTooWideError(beyond);
    const client = await this.repository.client(clientId);
    if (client === null) throw new ClientNotFoundError();
    if (client.disabledAt !== null) throw new ClientDisabledError();
    const secret = apiKeyFrom(randomBytes(32));
    return { ...(await this.repository.insertKey(clientId, secret, grant)), key: secret.key };
  }
}
