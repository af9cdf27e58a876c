import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { Logger } from '#observability';
import { Database, type Statement, type Tx } from '#persistence';
import { batchIds, sendQueueName, WakeService } from '#queues';
import type { Priority } from './domain/message.js';
import { WakeBudget } from './domain/wake-budget.js';

/** Postgres channel on which accept tells the feeder that something is due. */
export const DUE_CHANNEL = 'herald_due';

const NOTIFY_DUE: Statement = { name: 'notify-due', sql: `SELECT pg_notify('${DUE_CHANNEL}', '')::text` };
/** A queue with more jobs waiting is left to the feeder. */
const SHALLOW = 1_000;
/** Messages a second of one lane and priority that need no feeder: more than the pace of most senders. */
const WOKEN_PER_SECOND = 100;

/** Tells the feeder that something is due; on a connection of its own, never in a transaction (delivery protocol §8). */
export async function notifyDue(database: Tx): Promise<void> {
  await database.query(NOTIFY_DUE, []);
}

/** What of an accepted message decides whether it is woken at once. */
export interface AcceptedRow {
  id: string;
  phoneNumberId: string;
  priority: Priority;
  sendAt: Date | null;
}

/**
 * The fast path behind accept (delivery protocol §8): puts due messages straight into a shallow queue, and otherwise tells the
 * feeder. Both are hints, sent after the commit, awaited by nobody; what is lost here the feeder finds within its interval.
 */
@Injectable()
export class WakeAcceptedService {
  private isNotifying = false;
  private readonly budget = new WakeBudget(WOKEN_PER_SECOND);

  constructor(
    private readonly database: Database,
    private readonly wakeService: WakeService,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {}

  wake(messages: readonly AcceptedRow[]): void {
    const due = messages.filter(({ sendAt }) => sendAt === null || sendAt.getTime() <= Date.now());
    const lanes = Map.groupBy(due, ({ phoneNumberId, priority }) => `${priority} ${phoneNumberId}`);
    for (const rows of lanes.values()) void this.wakeLane(rows);
  }

  private async wakeLane(rows: AcceptedRow[]): Promise<void> {
    const [first] = rows;
    if (first === undefined) return;
    const queue = sendQueueName(first.priority, first.phoneNumberId, this.environment.QUEUE_SHARDS);
    const jobs = batchIds(rows.map(({ id }) => ({ messageId: id, fence: '0' })));
    const isWoken =
      first.priority !== 'bulk' &&
      this.budget.take(`${first.priority} ${first.phoneNumberId}`, rows.length, performance.now()) &&
      (await this.wakeService.wakeSoon(
        jobs.map((job) => ({ queue, job })),
        { unlessWaiting: SHALLOW },
      ));
    if (!isWoken) await this.notifyFeeder();
  }

  /** One NOTIFY at a time: it only says "look". */
  private async notifyFeeder(): Promise<void> {
    if (this.isNotifying) return;
    this.isNotifying = true;
    await notifyDue(this.database).catch((error: unknown) => this.logger.warn('feeder.not_told', {}, error));
    this.isNotifying = false;
  }
}
