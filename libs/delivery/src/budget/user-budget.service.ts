import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { DueMessagesService } from '../pacing/due-messages.service.js';
import type { DueMessage } from '../pacing/queries/read-due-messages.query.js';
import { admitUsers, forgetUsers } from './queries/admit-users.query.js';

/** A limit may be raised at any time: a message that waits for its place asks again after this at the latest, ms. */
const ASK_AGAIN_MS = 15 * 60_000;

/**
 * Keeps portfolios to their messaging limit: to how many people they may write outside a customer service window in 24 hours.
 * What is over waits; Meta would refuse it, or count it against the quality of the number. Portfolios without a limit cost nothing.
 */
@Injectable()
export class UserBudgetService {
  constructor(
    private readonly database: Database,
    private readonly due: DueMessagesService,
    private readonly logger: Logger,
  ) {}

  /** @returns those that may go on; the others wait. Never rejects: what cannot be counted goes, and Meta decides. */
  async admit(messages: readonly DueMessage[]): Promise<DueMessage[]> {
    const limited = messages.filter(({ isLimited }) => isLimited).map(({ messageId }) => messageId);
    if (limited.length === 0) return [...messages];
    try {
      const over = await this.database.transaction((tx) => admitUsers(tx, limited));
      if (over.length === 0) return [...messages];
      await this.due.defer(
        over.map(({ messageId, afterMs }) => ({
          messageId,
          reason: 'portfolio_limit' as const,
          afterMs: Math.max(1_000, Math.min(afterMs ?? ASK_AGAIN_MS, ASK_AGAIN_MS)),
        })),
      );
      const waiting = new Set(over.map(({ messageId }) => messageId));
      return messages.filter(({ messageId }) => !waiting.has(messageId));
    } catch (error) {
      this.logger.warn('budget.not_counted', { count: limited.length }, error);
      return [...messages];
    }
  }

  /** Forgets whoever counts no more. */
  async tidy(): Promise<void> {
    await forgetUsers(this.database);
  }
}
