import { Injectable } from '@nestjs/common';
import { AccessRepository } from './access.repository.js';
import { ClientNotFoundError } from './access.errors.js';
import type { Client } from './domain/client.js';

/** Lets a client in again that was shut out: those of its keys that were not revoked work again. */
@Injectable()
export class EnableClientService {
  constructor(private readonly repository: AccessRepository) {}

  /** @throws ClientNotFoundError */
  async enable(clientId: string): Promise<Client> {
    const client = await this.repository.enableClient(clientId);
    if (client === null) throw new ClientNotFoundError();
    return client;
  }
}
