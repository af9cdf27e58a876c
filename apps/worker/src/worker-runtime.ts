import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { DUE_CHANNEL } from '#messages';
import { Logger } from '#observability';
import { Database } from '#persistence';
import {
  type DeliverMessagesJob,
  PRIORITIES,
  priorityOf,
  type QueueWorker,
  QueueWorkers,
  type SendQueueName,
  sendQueueNames,
} from '#queues';
import { Loop } from './loop.js';
import { WorkerTasks } from './worker-tasks.js';

/** Jobs at once in one queue: most of them wait for the slots of their lane, and none of them may stand before another lane. */
const SEND_CONCURRENCY = 64;

/** What runs in a worker: processors of the queues, and the loops that look at the rows themselves. */
@Injectable()
export class WorkerRuntime {
  private workers: Pick<QueueWorker, 'start' | 'pause' | 'idle' | 'close'>[] = [];
  private loops: Loop[] = [];
  private stopListening: () => Promise<void> = async () => undefined;

  constructor(
    private readonly database: Database,
    private readonly queueWorkers: QueueWorkers,
    private readonly tasks: WorkerTasks,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    const deliver = (job: DeliverMessagesJob, queue: SendQueueName) =>
      this.tasks.delivery.deliver(job, priorityOf(queue));
    const applyNotifications = async () => void (await this.tasks.intake.apply());
    const sendQueues = PRIORITIES.flatMap((priority) => sendQueueNames(priority, this.environment.QUEUE_SHARDS));
    this.workers = [
      ...sendQueues.map((queue) => this.queueWorkers.createWorker(queue, SEND_CONCURRENCY, deliver)),
      this.queueWorkers.createWorker('intake', 1, applyNotifications),
    ];
    this.queueWorkers.assertEveryJobHandled();
    await Promise.all(this.workers.map((worker) => worker.start()));

    const { FEED_INTERVAL_MS, REAP_INTERVAL_MS, RESOLVE_INTERVAL_MS, SWEEP_INTERVAL_MS } = this.environment;
    const feeder = this.loop('feeder', FEED_INTERVAL_MS, () => this.tasks.feeder.feed());
    this.loop('intake', FEED_INTERVAL_MS, applyNotifications);
    this.loop('reaper', REAP_INTERVAL_MS, () => this.tasks.reaper.reap());
    this.loop('status-channel', RESOLVE_INTERVAL_MS, () => this.tasks.channel.publishInbox());
    this.loop('resolver', RESOLVE_INTERVAL_MS, () => this.tasks.resolver.resolve());
    this.loop('sweeper', SWEEP_INTERVAL_MS, () => this.tasks.sweeper.sweep());
    this.loop('pace', SWEEP_INTERVAL_MS, () => this.tasks.pace.tidy());
    this.loop('forget-keys', SWEEP_INTERVAL_MS, () => this.tasks.keys.forget());
    this.stopListening = this.database.listen(DUE_CHANNEL, () => feeder.wake());
  }

  /** Protocol §12, step 2: nothing new is looked for. */
  async stopLoops(): Promise<void> {
    await this.stopListening();
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  /** Step 3: no job is taken any more, and jobs in hand claim nothing more. */
  async pause(): Promise<void> {
    this.tasks.delivery.stop();
    this.tasks.intake.stop();
    await Promise.all(this.workers.map((worker) => worker.pause()));
  }

  /** Step 5: requests under way end and are written down; those that take longer are left to their lease. */
  async drain(timeoutMs: number): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, timeoutMs).unref());
    await Promise.race([Promise.all(this.workers.map((worker) => worker.idle())), late]);
  }

  /** Step 6. */
  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
  }

  private loop(name: string, intervalMs: number, work: () => Promise<unknown>): Loop {
    const onError = (error: unknown) => this.logger.error('loop.failed', { component: name }, error);
    const loop = new Loop(work, { intervalMs, onError }).start();
    this.loops.push(loop);
    return loop;
  }
}
