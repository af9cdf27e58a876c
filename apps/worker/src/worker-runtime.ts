import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { RECEIPT_CHANNEL } from '#delivery';
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
import { Watchdog } from './watchdog.js';
import { WorkerTasks } from './worker-tasks.js';

/** Jobs at once in one queue: most of them wait for the slots of their lane, and none of them may stand before another lane. */
const SEND_CONCURRENCY = 64;

/** Notifications that come so close together are applied together, ms: a batch takes a dozen statements, however small it is. */
const INTAKE_EVERY_MS = 50;

/** How often the worker looks for files to fetch that no job told it of, ms: Meta's addresses live five minutes, ids seven days. */
const MEDIA_INTERVAL_MS = 5_000;

/** How often numbers that were added are looked for, ms: what came for them before is applied then. */
const PARKED_INTERVAL_MS = 5_000;

/** How often ends of conversations are looked for, ms: they are told in the second after. */
const CONVERSATION_ENDS_INTERVAL_MS = 1_000;

/** How often hours that have changed are counted into the rollups of reports, ms: reports are exact in between, but slower. */
const ROLLUP_INTERVAL_MS = 5_000;
/** Counting an hour takes longer the more messages it has. */
const ROLLUP_SHARE = 0.05;

/** How often months are made ahead, and dropped, ms: they are made three months before they are needed. */
const MONTHS_INTERVAL_MS = 600_000;

/** How often the log is told of alerts that are new, ms. */
const ALERTS_INTERVAL_MS = 5_000;

/** How often the watchdog looks, at most, ms. */
const WATCH_MS = 5_000;

/** What runs in a worker: processors of the queues, and the loops that look at the rows themselves. */
@Injectable()
export class WorkerRuntime {
  private workers: Pick<QueueWorker, 'start' | 'pause' | 'idle' | 'recreate' | 'close'>[] = [];
  private loops: Loop[] = [];
  private starting: Promise<void> | undefined;
  private isStopping = false;
  private stopListening: () => Promise<void> = () => Promise.resolve();
  private readonly watchdog: Watchdog;

  constructor(
    private readonly database: Database,
    private readonly queueWorkers: QueueWorkers,
    private readonly tasks: WorkerTasks,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {
    this.watchdog = new Watchdog({
      recreateAfterMs: environment.WATCHDOG_RECREATE_MS,
      exitAfterMs: environment.WATCHDOG_EXIT_MS,
    });
  }

  /** Starts all of it. A stop that comes meanwhile waits for what is begun, and the rest is left out; what then fails is no matter any more. */
  async start(): Promise<void> {
    this.starting = this.begin();
    await this.starting.catch((error: unknown) => {
      if (!this.isStopping) throw error;
      this.logger.warn('worker.start_left_out', {}, error);
    });
  }

  /** Protocol §12, step 2: nothing new is looked for. What goes on while there is more of it ends with what it has in hand. */
  async stopLoops(): Promise<void> {
    this.isStopping = true;
    for (const task of [this.tasks.intake, this.tasks.receipts, this.tasks.media]) task.stop();
    await this.starting?.catch(() => undefined);
    await this.stopListening();
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  /** Step 3: no job is taken any more, and jobs in hand claim nothing more. */
  async pause(): Promise<void> {
    this.tasks.delivery.stop();
    await Promise.all(this.workers.map((worker) => worker.pause()));
  }

  /** Step 5: requests under way end and are written down; those that take longer are left to their lease. */
  async drain(timeoutMs: number): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, timeoutMs).unref());
    const { receipts, media } = this.tasks;
    const idle = [...this.workers.map((worker) => worker.idle()), receipts.idle(), media.idle()];
    await Promise.race([Promise.all(idle), late]);
  }

  /** Step 6. */
  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
  }

  /** Step 7: outcomes that wait for Postgres go to the journal. */
  async flush(): Promise<void> {
    await this.tasks.outcomes.flush();
  }

  private async begin(): Promise<void> {
    const deliver = (job: DeliverMessagesJob, queue: SendQueueName) =>
      this.tasks.delivery.deliver(job, priorityOf(queue));
    const applyNotifications = async () => void (await this.tasks.intake.apply({ everyMs: INTAKE_EVERY_MS }));
    const fetchMedia = async () => void (await this.tasks.media.fetch());
    const sendQueues = PRIORITIES.flatMap((priority) => sendQueueNames(priority, this.environment.QUEUE_SHARDS));
    this.workers = [
      ...sendQueues.map((queue) => this.queueWorkers.createWorker(queue, SEND_CONCURRENCY, deliver)),
      this.queueWorkers.createWorker('intake', 1, applyNotifications),
      this.queueWorkers.createWorker('media', 1, fetchMedia),
    ];
    this.queueWorkers.assertEveryJobHandled();
    // What an earlier process could not write down comes first: it is evidence for messages that are looked at next.
    await this.tasks.outcomes.replay();
    await this.tasks.explanations
      .publish()
      .catch((error: unknown) => this.logger.warn('explanations.not_published', {}, error));
    await this.tasks.months
      .prepare(new Date())
      .catch((error: unknown) => this.logger.error('loop.failed', { component: 'months' }, error));
    if (this.isStopping) return;
    await Promise.all(this.workers.map((worker) => worker.start()));

    const { FEED_INTERVAL_MS, REAP_INTERVAL_MS, RESOLVE_INTERVAL_MS, SENDER_READ_INTERVAL_MS, SWEEP_INTERVAL_MS } =
      this.environment;
    const feeder = this.loop('feeder', FEED_INTERVAL_MS, () => this.tasks.feeder.feed());
    this.loop('intake', FEED_INTERVAL_MS, applyNotifications);
    this.loop('parked', PARKED_INTERVAL_MS, () => this.tasks.parking.release());
    this.loop('media', MEDIA_INTERVAL_MS, fetchMedia);
    this.loop('media-sweep', SWEEP_INTERVAL_MS, () => this.tasks.mediaSweep.sweep());
    this.loop('targets', FEED_INTERVAL_MS, () => this.tasks.targets.release());
    this.loop('reaper', REAP_INTERVAL_MS, () => this.tasks.reaper.reap());
    this.loop('status-channel', RESOLVE_INTERVAL_MS, () => this.tasks.channel.publishInbox());
    this.loop('resolver', RESOLVE_INTERVAL_MS, () => this.tasks.resolver.resolve());
    this.loop('sweeper', SWEEP_INTERVAL_MS, () => this.tasks.sweeper.sweep());
    this.loop('journal', SWEEP_INTERVAL_MS, () => this.tasks.outcomes.replay());
    this.loop('watchdog', Math.min(WATCH_MS, this.environment.WATCHDOG_RECREATE_MS / 4), () => this.watch());
    this.loop('alerts', ALERTS_INTERVAL_MS, () => this.tasks.alerts.tell());
    this.loop('pace', SWEEP_INTERVAL_MS, () => this.tasks.pace.tidy());
    this.loop('presumed-dropped', SWEEP_INTERVAL_MS, () => this.tasks.dropped.sweep());
    this.loop('conversation-ends', CONVERSATION_ENDS_INTERVAL_MS, () => this.tasks.conversationEnds.tell());
    this.loop('forget-keys', SWEEP_INTERVAL_MS, () => this.tasks.keys.forget());
    this.loop('budget', SWEEP_INTERVAL_MS, () => this.tasks.budget.tidy());
    this.loop('templates', SWEEP_INTERVAL_MS, () => this.followTemplates());
    this.loop('reconciliation', SWEEP_INTERVAL_MS, () => this.reconcile());
    this.loop('unpriced', SWEEP_INTERVAL_MS, () => this.tasks.unpriced.price());
    this.loop('tiers', SWEEP_INTERVAL_MS, () => this.tasks.tiers.settle());
    this.loop('months', MONTHS_INTERVAL_MS, () => this.tasks.months.keep());
    this.loop('rollups', ROLLUP_INTERVAL_MS, () => this.tasks.rollups.refresh(), ROLLUP_SHARE);
    if (SENDER_READ_INTERVAL_MS > 0) this.loop('limits', SENDER_READ_INTERVAL_MS, () => this.tasks.limits.readAll());
    const receipts = this.loop('receipts', FEED_INTERVAL_MS, () => this.tasks.receipts.send());
    const listening = [
      this.database.listen(DUE_CHANNEL, () => feeder.wake()),
      this.database.listen(RECEIPT_CHANNEL, () => receipts.wake()),
    ];
    this.stopListening = async () => void (await Promise.all(listening.map((stop) => stop())));
  }

  /** Reads what is due of templates; what Meta gave back is sent again. */
  private async followTemplates(): Promise<void> {
    await this.tasks.templates.syncDue(this.environment.TEMPLATE_SYNC_INTERVAL_MS);
    await this.tasks.holds.releaseTemplates();
  }

  /** Compares charges with Meta's figures where a day has passed since they were. */
  private async reconcile(): Promise<void> {
    const { RECONCILE_INTERVAL_MS } = this.environment;
    if (RECONCILE_INTERVAL_MS > 0) await this.tasks.reconciliation.reconcileDue(RECONCILE_INTERVAL_MS);
  }

  /** Helps a worker that claims nothing although messages wait (protocol §12). */
  private async watch(): Promise<void> {
    const progress = await this.tasks.progress.look().catch(() => null);
    if (progress === null) return this.watchdog.forget(); // without Postgres nobody can claim
    const decision = this.watchdog.look(progress, performance.now());
    if (decision === 'wait') return;
    this.logger.error('worker.stalled', { decision });
    if (decision === 'exit') process.exit(1);
    await Promise.all(this.workers.map((worker) => worker.recreate()));
  }

  private loop(name: string, intervalMs: number, work: () => Promise<unknown>, share = 1): Loop {
    const onError = (error: unknown) => this.logger.error('loop.failed', { component: name }, error);
    const loop = new Loop(work, { intervalMs, share, onError }).start();
    this.loops.push(loop);
    return loop;
  }
}
