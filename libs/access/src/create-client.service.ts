import { Injectable } from '@nestjs/common';
import { AccessRepository } from './access.repository.js';
import { ADMIN_CLIENT } from './authenticate.service.js';
import { ClientNameTakenError } from './access.errors.js';
import type { Client } from './domain/client.js';

/** Makes a client. */
@Injectable()
export class CreateClientService {
  constructor(private readonly repository: AccessRepository) {}

  /** @throws ClientNameTakenError; the name of the bootstrap key's client is always taken */
  async create(name: string): Promise<Client> {
    const client = name === ADMIN_CLIENT ? null : await this.repository.insertClient(name);
    if (client === null) throw new ClientNameTakenError();
    return client;
  }
}
