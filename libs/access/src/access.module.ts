import { Module } from '@nestjs/common';
import { AccessGuard } from './access.guard.js';
import { AccessRepository } from './access.repository.js';
import { AuthenticateService } from './authenticate.service.js';
import { ClientDirectory } from './client-directory.js';
import { CreateApiKeyService } from './create-api-key.service.js';
import { CreateClientService } from './create-client.service.js';
import { DisableClientService } from './disable-client.service.js';
import { EnableClientService } from './enable-client.service.js';
import { EnsureClientService } from './ensure-client.service.js';
import { RevokeApiKeyService } from './revoke-api-key.service.js';

const SERVICES = [
  AccessGuard,
  AuthenticateService,
  ClientDirectory,
  CreateApiKeyService,
  CreateClientService,
  DisableClientService,
  EnableClientService,
  EnsureClientService,
  RevokeApiKeyService,
];

/** Clients, their keys, and the guard. An app makes the guard global with `{ provide: APP_GUARD, useExisting: AccessGuard }`. */
@Module({ providers: [AccessRepository, ...SERVICES], exports: SERVICES })
export class AccessModule {}
