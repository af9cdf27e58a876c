import { Injectable } from '@nestjs/common';
import { AccessRepository } from './access.repository.js';
import { ClientNotFoundError } from './access.errors.js';
import { AuthenticateService } from './authenticate.service.js';
import type { Client } from './domain/client.js';

/** Shuts a client out: its keys stop working. Its messages stay, and those that wait are still sent. */
@Injectable()
export class DisableClientService {
  constructor(
    private readonly repository: AccessRepository,
    private readonly authenticate: AuthenticateService,
  ) {}

  /** @throws ClientNotFoundError */
  async disable(clientId: string): Promise<Client> {
    const client = await this.repository.disableClient(clientId);
    if (client === null) throw new ClientNotFoundError();
    this.authenticate.forget();
    return client;
  }
}
