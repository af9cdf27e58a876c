import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { JOB_NAMES, type JobName, jobNameOf, type QueueName } from './job-catalog.js';
import { QueueBackend } from './queue-backend.js';
import { type JobHandler, QueueWorker } from './queue-worker.js';

/**
 * Makes workers. `@Processor` of @nestjs/bullmq does not fit: it takes the connection of the queue, and a worker's must be
 * another (it blocks and waits for Redis, a queue fails at once); queue names depend on QUEUE_SHARDS, which no decorator
 * knows; and it starts with the module and ends in a hook, where the process's shutdown has an order of its own.
 */
@Injectable()
export class QueueWorkers {
  private readonly handlers = new Map<JobName, unknown>();

  constructor(
    private readonly backend: QueueBackend,
    private readonly logger: Logger,
  ) {}

  /**
   * A worker for a queue, not started.
   * @param concurrency jobs at once
   * @param handler the same function for all queues of one kind of job
   * @throws Error when that kind already has another handler
   */
  createWorker<Q extends QueueName>(queue: Q, concurrency: number, handler: JobHandler<Q>): QueueWorker<Q> {
    const name = jobNameOf(queue);
    if (this.handlers.has(name) && this.handlers.get(name) !== handler)
      throw new Error(`${name} jobs have two handlers: a job has exactly one`);
    this.handlers.set(name, handler);
    return new QueueWorker({ queue, concurrency, handler }, this.backend, this.logger);
  }

  /** For the boot of a worker process, after its last createWorker. @throws Error that names the kinds of job without a handler. */
  assertEveryJobHandled(): void {
    const missing = JOB_NAMES.filter((name) => !this.handlers.has(name));
    if (missing.length > 0) throw new Error(`no handler for ${missing.join(', ')} jobs: they would wait for ever`);
  }
}
