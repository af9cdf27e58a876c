import { Module } from '@nestjs/common';
import { Environment } from '#config';
import { GraphSubscriptions } from '#graph-api';
import { AddSenderService } from './add-sender.service.js';
import { ViewLimitsService } from './limits/view-limits.service.js';
import { SenderDirectory } from './sender-directory.js';
import { SendersRepository } from './senders.repository.js';
import { NumberGraph, ShowNumberService } from './show-number.service.js';
import { SubscriptionService } from './subscription.service.js';
import { TokenVault } from './token-vault.js';

const VAULT = {
  provide: TokenVault,
  useFactory: (environment: Environment) => new TokenVault(environment),
  inject: [Environment],
};

const GRAPH = {
  provide: GraphSubscriptions,
  useFactory: (environment: Environment) =>
    new GraphSubscriptions({
      baseUrl: environment.GRAPH_API_BASE_URL,
      version: environment.GRAPH_API_VERSION,
      connectTimeoutMs: environment.GRAPH_CONNECT_TIMEOUT_MS,
      totalTimeoutMs: environment.GRAPH_TIMEOUT_MS,
    }),
  inject: [Environment],
};

/** How long somebody who looks at a number waits for Meta, ms. */
const PATIENCE_MS = 3_000;

const NUMBERS = {
  provide: NumberGraph,
  useFactory: (environment: Environment) =>
    new NumberGraph({
      baseUrl: environment.GRAPH_API_BASE_URL,
      version: environment.GRAPH_API_VERSION,
      connections: 2,
      connectTimeoutMs: Math.min(environment.GRAPH_CONNECT_TIMEOUT_MS, PATIENCE_MS),
      totalTimeoutMs: Math.min(environment.GRAPH_TIMEOUT_MS, PATIENCE_MS),
    }),
  inject: [Environment],
};

/** Senders, their WABAs and their encrypted access tokens. */
@Module({
  providers: [
    AddSenderService,
    SenderDirectory,
    SendersRepository,
    SubscriptionService,
    ShowNumberService,
    ViewLimitsService,
    VAULT,
    GRAPH,
    NUMBERS,
  ],
  exports: [AddSenderService, SenderDirectory, SubscriptionService, ShowNumberService, ViewLimitsService],
})
export class SendersModule {}
