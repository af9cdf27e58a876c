import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Environment } from '#config';
import { HintQueue, type HintQueueOptions } from './hint-queue.js';
import { allQueueNames } from './job-catalog.js';
import { QueueBackend } from './queue-backend.js';
import { QueueDepth } from './queue-depth.js';
import { QueueEpoch } from './queue-epoch.js';
import { QueueWorkers } from './queue-workers.js';
import { Queues } from './queues.js';
import { RedisCheck } from './redis-check.js';
import { WakeService } from './wake.service.js';

/** The backend alone: the queues of BullModule and the module below both need it. */
@Global()
@Module({ providers: [QueueBackend], exports: [QueueBackend] })
class QueueBackendModule {}

/**
 * All queues of a process and the way into them; for the process's root module, beside Persistence. Queues are registered
 * with BullModule, workers are made by `QueueWorkers` (it says why). Nothing closes by itself: call `Queues.close()`.
 */
@Global()
@Module({})
export class QueuesModule {
  static with({ QUEUE_SHARDS }: Pick<Environment, 'QUEUE_SHARDS'>): DynamicModule {
    BullModule.queueClass = HintQueue;
    const names = allQueueNames(QUEUE_SHARDS);
    const registrations = names.map((name) => ({
      name,
      useFactory: (backend: QueueBackend): HintQueueOptions => ({
        ...backend.forQueue(name),
        onError: backend.onError,
      }),
      inject: [QueueBackend],
    }));
    const collect = (backend: QueueBackend, ...queues: HintQueue[]) =>
      new Queues(new Map(names.flatMap((name, i) => (queues[i] ? [[name, queues[i]] as const] : []))), backend);
    return {
      module: QueuesModule,
      imports: [QueueBackendModule, BullModule.registerQueueAsync(...registrations)],
      providers: [
        { provide: Queues, useFactory: collect, inject: [QueueBackend, ...names.map((name) => getQueueToken(name))] },
        WakeService,
        QueueDepth,
        QueueEpoch,
        QueueWorkers,
        RedisCheck,
      ],
      exports: [QueueBackendModule, Queues, WakeService, QueueDepth, QueueEpoch, QueueWorkers],
    };
  }
}
