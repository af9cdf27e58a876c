import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule, type Environment } from '#config';
import { ObservabilityModule } from '#observability';
import { PersistenceModule } from '#persistence';
import { QueuesModule } from '#queues';
import { WorkerModule } from './worker.module.js';

/** Longest statement of a worker (delivery protocol §14), ms. */
const STATEMENT_TIMEOUT_MS = 15_000;

/** The worker as a process of its own. */
@Module({})
export class WorkerRootModule {
  static with(environment: Environment): DynamicModule {
    return {
      module: WorkerRootModule,
      imports: [
        ConfigModule.with(environment),
        ObservabilityModule,
        PersistenceModule.with({ statementTimeoutMs: STATEMENT_TIMEOUT_MS }),
        QueuesModule.with(environment),
        WorkerModule,
      ],
    };
  }
}
