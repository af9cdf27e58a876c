import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import type { Priority } from '#messages';
import { Logger } from '#observability';
import type { DeliverMessagesJob } from '#queues';
import { ClaimMessagesService } from './claim-messages.service.js';
import { ConnectionShare } from './connection-share.js';
import { type OpenAttempt, SendAttemptService } from './send-attempt.service.js';
import { SettleAttemptService } from './settle-attempt.service.js';

/** Share of the connections to Graph that each priority has for itself, so that bulk never delays urgent. */
const SHARES: Record<Priority, number> = { urgent: 0.3, standard: 0.4, bulk: 0.3 };

/** Delivers the messages of a job: claim, send, settle, each on its own connection. */
@Injectable()
export class DeliverMessagesService {
  private readonly shares: Record<Priority, ConnectionShare>;
  private isStopping = false;

  constructor(
    private readonly claims: ClaimMessagesService,
    private readonly attempts: SendAttemptService,
    private readonly settlements: SettleAttemptService,
    environment: Environment,
    private readonly logger: Logger,
  ) {
    const share = (priority: Priority) =>
      new ConnectionShare(Math.max(1, Math.floor(environment.GRAPH_CONNECTIONS * SHARES[priority])));
    this.shares = { urgent: share('urgent'), standard: share('standard'), bulk: share('bulk') };
  }

  /**
   * Delivers what of the job is due and not somebody else's. Claims no more at once than there are connections for. Resolves
   * when each of its messages has been settled; never rejects for one of them, its lease brings it back.
   */
  async deliver({ messageIds }: DeliverMessagesJob, priority: Priority): Promise<void> {
    const share = this.shares[priority];
    const running: Promise<void>[] = [];
    let next = 0;
    while (next < messageIds.length && !this.isStopping) {
      const taken = await share.take(messageIds.length - next);
      if (this.isStopping) {
        share.give(taken);
        break;
      }
      running.push(...(await this.start(messageIds.slice(next, next + taken), share)));
      next += taken;
    }
    await this.claims.putBack(messageIds.slice(next));
    await Promise.all(running);
  }

  /** Claims nothing more: for the shutdown. */
  stop(): void {
    this.isStopping = true;
  }

  /** Requests to Graph under way, and results not written down yet. */
  get inFlight(): number {
    return Object.values(this.shares).reduce((sum, { inUse }) => sum + inUse, 0);
  }

  private async start(messageIds: string[], share: ConnectionShare): Promise<Promise<void>[]> {
    const claimedAt = performance.now();
    const claimed = await this.claims.claim(messageIds).catch((error: unknown) => {
      this.logger.error('claim.failed', { count: messageIds.length }, error);
      return [];
    });
    share.give(messageIds.length - claimed.length);
    return claimed.map((message) => this.deliverOne({ message, claimedAt }).finally(() => share.give(1)));
  }

  private async deliverOne(attempt: OpenAttempt): Promise<void> {
    const { messageId, attemptNo } = attempt.message;
    try {
      await this.settlements.settle(await this.attempts.send(attempt));
    } catch (error) {
      this.logger.error('attempt.not_settled', { messageId, attemptNo }, error);
    }
  }
}
