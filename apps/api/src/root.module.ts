import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule, type Environment } from '#config';
import { ObservabilityModule } from '#observability';
import { PersistenceModule } from '#persistence';
import { QueuesModule } from '#queues';
import { ApiModule } from './api.module.js';

/** Longest statement of a request (delivery protocol §14), ms. */
const STATEMENT_TIMEOUT_MS = 5_000;

/** The API as a process of its own. */
@Module({})
export class ApiRootModule {
  static with(environment: Environment): DynamicModule {
    return {
      module: ApiRootModule,
      imports: [
        ConfigModule.with(environment),
        ObservabilityModule,
        PersistenceModule.with({ statementTimeoutMs: STATEMENT_TIMEOUT_MS }),
        QueuesModule.with(environment),
        ApiModule,
      ],
    };
  }
}
