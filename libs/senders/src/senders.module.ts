import { Module } from '@nestjs/common';
import { Environment } from '#config';
import { AddSenderService } from './add-sender.service.js';
import { SenderDirectory } from './sender-directory.js';
import { SendersRepository } from './senders.repository.js';
import { TokenVault } from './token-vault.js';

const VAULT = {
  provide: TokenVault,
  useFactory: (environment: Environment) => new TokenVault(environment),
  inject: [Environment],
};

/** Senders, their WABAs and their encrypted access tokens. */
@Module({
  providers: [AddSenderService, SenderDirectory, SendersRepository, VAULT],
  exports: [AddSenderService, SenderDirectory],
})
export class SendersModule {}
