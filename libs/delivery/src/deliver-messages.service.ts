import { Injectable } from '@nestjs/common';
import type { Priority } from '#messages';
import { Logger } from '#observability';
import { type DeliverMessagesJob, MAX_JOB_MESSAGES } from '#queues';
import { UserBudgetService } from './budget/user-budget.service.js';
import { ClaimMessagesService } from './claim-messages.service.js';
import { DueMessagesService } from './pacing/due-messages.service.js';
import { LaneLine, type LineSteps } from './pacing/lane-line.js';
import { PaceService } from './pacing/pace.service.js';
import type { DueMessage } from './pacing/queries/read-due-messages.query.js';
import { SendSlottedService } from './send-slotted.service.js';

/** How long a fed message waits here for a slot before the feeder gets it back, ms. */
const PATIENCE_MS = 10_000;
const MAX_LINES = 1_000;

/** Delivers the messages of a job: looks which are due, lines them up for their slots, sends each at its slot. */
@Injectable()
export class DeliverMessagesService {
  private readonly lines = new Map<string, LaneLine>();
  private readonly slotted = new Set<string>();
  private isStopping = false;

  constructor(
    private readonly due: DueMessagesService,
    private readonly budget: UserBudgetService,
    private readonly claims: ClaimMessagesService,
    private readonly pace: PaceService,
    private readonly wire: SendSlottedService,
    private readonly logger: Logger,
  ) {}

  /**
   * Delivers what of the job is due and not somebody else's. Resolves when each of its messages has been settled, waits for
   * its recipient's turn, or is back with the feeder; never rejects for one of them.
   */
  async deliver({ messageIds }: DeliverMessagesJob, priority: Priority): Promise<void> {
    const found = this.isStopping ? [] : await this.read(messageIds);
    const due = await this.budget.admit(found);
    this.pace.note(due);
    const known = new Set(found.map(({ messageId }) => messageId));
    const lanes = Map.groupBy(due, ({ phoneNumberId, isFed }) => `${phoneNumberId} ${priority} ${isFed}`);
    await Promise.all([
      this.claims.putBack(messageIds.filter((id) => !known.has(id))),
      ...[...lanes].map(([name, messages]) => this.lineOf(name, messages[0]?.isFed ?? true, priority).join(messages)),
    ]);
  }

  /** Claims nothing more: for the shutdown. */
  stop(): void {
    this.isStopping = true;
    this.wire.stop();
    for (const line of this.lines.values()) line.stop();
  }

  /** Requests to Graph under way, and results not written down yet. */
  get inFlight(): number {
    return this.wire.inFlight;
  }

  private read(messageIds: readonly string[]): Promise<DueMessage[]> {
    return this.due.read(messageIds).catch((error: unknown) => {
      this.logger.error('claim.failed', { count: messageIds.length }, error);
      return [];
    });
  }

  private lineOf(name: string, isFed: boolean, priority: Priority): LaneLine {
    const known = this.lines.get(name);
    if (known !== undefined) return known;
    if (this.lines.size >= MAX_LINES)
      for (const [other, line] of this.lines) if (line.isEmpty) this.lines.delete(other);
    const line = new LaneLine(this.stepsOf(isFed, priority), {
      batchSize: MAX_JOB_MESSAGES,
      patienceMs: isFed ? PATIENCE_MS : 0,
      slotted: this.slotted,
    });
    if (this.isStopping) line.stop();
    this.lines.set(name, line);
    return line;
  }

  /** A message that nobody fed does not wait for a slot: when there is none, the feeder finds it in its turn. */
  private stepsOf(isFed: boolean, priority: Priority): LineSteps {
    return {
      reserve: (messages) => this.pace.reserve(messages, priority),
      send: async (slotted) => {
        if (!isFed) await this.due.keepFromFeeder(slotted);
        const paced = slotted.map((one) => ({ ...one, intervalMs: this.pace.rateOf(one.message).intervalMs }));
        return this.wire.send(paced, priority);
      },
      defer: (messages) => this.due.defer(messages),
      // The feeder may have marked one since it was looked at, for a job that the queue takes for this one.
      leave: (messages) => this.claims.putBack(messages.map(({ messageId }) => messageId)),
    };
  }
}
