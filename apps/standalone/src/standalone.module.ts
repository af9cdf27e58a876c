import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule, type Environment } from '#config';
import { ObservabilityModule } from '#observability';
import { PersistenceModule } from '#persistence';
import { QueuesModule } from '#queues';
import { ApiModule } from '../../api/src/api.module.js';
import { WebhooksModule } from '../../webhooks/src/webhooks.module.js';
import { WorkerModule } from '../../worker/src/worker.module.js';

/** One pool serves requests and worker: the longer of their limits (delivery protocol §14), ms. */
const STATEMENT_TIMEOUT_MS = 15_000;

/** api, webhooks and worker side by side in one process: one port, one pool, one set of queues. */
@Module({})
export class StandaloneModule {
  static with(environment: Environment): DynamicModule {
    return {
      module: StandaloneModule,
      imports: [
        ConfigModule.with(environment),
        ObservabilityModule,
        PersistenceModule.with({ statementTimeoutMs: STATEMENT_TIMEOUT_MS }),
        QueuesModule.with(environment),
        ApiModule,
        WebhooksModule,
        WorkerModule,
      ],
    };
  }
}
