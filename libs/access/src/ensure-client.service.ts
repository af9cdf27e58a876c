import { Injectable } from '@nestjs/common';
import { AccessRepository } from './access.repository.js';
import type { Client } from './domain/client.js';

/** Gives the client of a name, and makes it when it is new. */
@Injectable()
export class EnsureClientService {
  constructor(private readonly repository: AccessRepository) {}

  /** The same client for everybody who asks, also at the same time. */
  async ensure(name: string): Promise<Client> {
    const client =
      (await this.repository.clientNamed(name)) ??
      (await this.repository.insertClient(name)) ??
      (await this.repository.clientNamed(name));
    if (client === null) throw new Error('a client that exists was not found by its name');
    return client;
  }
}
