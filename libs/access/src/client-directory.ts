import { Injectable } from '@nestjs/common';
import { AccessRepository } from './access.repository.js';
import { ClientNotFoundError } from './access.errors.js';
import type { ApiKey, Client } from './domain/client.js';

/** Looks up clients and their keys. */
@Injectable()
export class ClientDirectory {
  constructor(private readonly repository: AccessRepository) {}

  /** Every client, oldest first. */
  async list(): Promise<Client[]> {
    return this.repository.clients();
  }

  /** The client of a name, or null. */
  async named(name: string): Promise<Client | null> {
    return this.repository.clientNamed(name);
  }

  /** Every key of a client, revoked ones too, oldest first. @throws ClientNotFoundError */
  async keys(clientId: string): Promise<ApiKey[]> {
    if ((await this.repository.client(clientId)) === null) throw new ClientNotFoundError();
    return this.repository.keys(clientId);
  }
}
