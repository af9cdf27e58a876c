import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule, type Environment } from '#config';
import { ObservabilityModule } from '#observability';
import { PersistenceModule } from '#persistence';
import { QueuesModule } from '#queues';
import { WebhooksModule } from './webhooks.module.js';

/** Longest statement of a delivery, ms. */
const STATEMENT_TIMEOUT_MS = 5_000;

/** The webhooks as a process of their own. */
@Module({})
export class WebhooksRootModule {
  static with(environment: Environment): DynamicModule {
    return {
      module: WebhooksRootModule,
      imports: [
        ConfigModule.with(environment),
        ObservabilityModule,
        PersistenceModule.with({ statementTimeoutMs: STATEMENT_TIMEOUT_MS }),
        QueuesModule.with(environment),
        WebhooksModule,
      ],
    };
  }
}
