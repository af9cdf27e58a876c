import { type IQueueBackend, type Job, WaitingError, Worker } from 'bullmq';
import { type Logger } from '#observability';
import { jobNameOf, type JobOf, type QueueName } from './job-catalog.js';
import { checkPayload } from './job-payload.js';
import type { QueueBackend } from './queue-backend.js';
import { WORKER_SETTINGS } from './queue-settings.js';
import { within } from './within.js';

const CLOSE_MS = 3_000;

/** Does what a job asks for. A throw is logged and the job is over: rows come back by their lease, not through BullMQ. */
export type JobHandler<Q extends QueueName = QueueName> = (job: JobOf<Q>, queue: Q) => Promise<void>;

export interface QueueWorkerOptions<Q extends QueueName> {
  queue: Q;
  /** Jobs at once. */
  concurrency: number;
  handler: JobHandler<Q>;
}

type HintWorker = Worker<unknown, void, string, IQueueBackend>;

/** A BullMQ Worker that can be started, paused, made again and closed, whatever Redis does. */
export class QueueWorker<Q extends QueueName = QueueName> {
  private worker: HintWorker;
  private release: () => void = () => undefined;
  private state: 'new' | 'running' | 'paused' | 'closed' = 'new';
  private active = 0;
  private onIdle: (() => void)[] = [];

  constructor(
    private readonly options: QueueWorkerOptions<Q>,
    private readonly backend: QueueBackend,
    private readonly logger: Logger,
  ) {
    this.worker = this.make();
  }

  get queue(): Q {
    return this.options.queue;
  }

  /** Jobs in hand now. */
  get jobsInHand(): number {
    return this.active;
  }

  /** Takes jobs, from now on or again. */
  async start(): Promise<void> {
    if (this.state === 'running' || this.state === 'closed') return;
    const wasPaused = this.state === 'paused';
    this.state = 'running';
    if (wasPaused) await this.worker.resume();
    else this.run();
  }

  /** Takes no more jobs; those in hand go on. A job that is fetched at this very moment is put back. */
  async pause(): Promise<void> {
    if (this.state === 'closed') return;
    this.state = 'paused';
    await this.worker.pause(true);
  }

  /** Resolves when no job is in hand. */
  async idle(): Promise<void> {
    if (this.active > 0) await new Promise<void>((resolve) => this.onIdle.push(resolve));
  }

  /** Throws this Worker away and makes a new one, in the same state: for a watchdog that sees no job arrive. */
  async recreate(): Promise<void> {
    if (this.state === 'closed') return;
    const [old, release] = [this.worker, this.release];
    this.worker = this.make();
    if (this.state === 'running') this.run();
    else if (this.state === 'paused') this.state = 'new';
    await this.dispose(old, release);
  }

  /** Ends it, within about 3 s: BullMQ would wait for a Redis that is down. */
  async close(): Promise<void> {
    if (this.state === 'closed') return;
    this.state = 'closed';
    await this.dispose(this.worker, this.release);
  }

  private make(): HintWorker {
    const { queue, concurrency } = this.options;
    const { connection, prefix, factory, release } = this.backend.forWorker(queue);
    const settings = { ...WORKER_SETTINGS, concurrency, connection, prefix };
    const worker: HintWorker = new Worker(queue, (job, token) => this.handle(job, token), settings, factory);
    worker.on('error', this.backend.onError);
    this.release = release;
    return worker;
  }

  private run(): void {
    this.worker.run().catch(this.backend.onError);
  }

  private async dispose(worker: HintWorker, release: () => void): Promise<void> {
    await within(CLOSE_MS, worker.close()).catch(this.backend.onError);
    await stopRenewals(worker);
    release();
  }

  private async handle(job: Job, token: string | undefined): Promise<void> {
    if (this.state !== 'running') return putBack(job, token);
    this.active += 1;
    try {
      const payload = checkPayload(jobNameOf(this.queue), job.data) as JobOf<Q>;
      await this.options.handler(payload, this.queue);
    } catch (error) {
      this.logger.error('job.failed', { queue: this.queue, jobId: job.id ?? null }, error);
    } finally {
      this.active -= 1;
      if (this.active === 0) this.onIdle.splice(0).forEach((resolve) => resolve());
    }
  }
}

/** BullMQ's close waits for its queue first: when that is gone, its timer would go on, and keep the process from ending. */
async function stopRenewals(worker: HintWorker): Promise<void> {
  await (worker as unknown as { lockManager: { close(): Promise<void> } }).lockManager.close();
}

/** The one thing that is thrown into BullMQ: its own sign for a job that waits again, so that another process takes it at once. */
async function putBack(job: Job, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}
