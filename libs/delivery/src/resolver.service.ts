import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { Logger } from '#observability';
import { Database, newId } from '#persistence';
import { AttachOrphansService } from './attach-orphans.service.js';
import { resolveUncertain } from './domain/resolve-uncertain.js';
import { lockResolvable, type ResolvedMessage, writeResolutions } from './queries/resolve-uncertain.query.js';

const MAX_ROWS = 500;

/** Ends uncertainty of which no evidence came, although it would be known by now (T6, T7). Safe to run twice at once. */
@Injectable()
export class ResolverService {
  constructor(
    private readonly database: Database,
    private readonly orphans: AttachOrphansService,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {}

  /** Looks for late evidence first. @returns how many messages were resolved without any */
  async resolve(): Promise<number> {
    await this.orphans.attach(null);
    const resolved = await this.database.transaction(async (tx) => {
      const {
        CHANNEL_SETTLE_MS: settleMs,
        UNCERTAIN_MAX_GRACE_MS: maxGraceMs,
        RETRY_BASE_MS: retryBaseMs,
      } = this.environment;
      const attempts = await lockResolvable(tx, { limit: MAX_ROWS, settleMs, maxGraceMs });
      const messages = attempts.map((attempt): ResolvedMessage => ({
        ...attempt,
        ...resolveUncertain(attempt, { random: Math.random(), retryBaseMs }),
        eventId: newId(),
      }));
      if (messages.length > 0) await writeResolutions(tx, messages);
      return messages;
    });
    for (const { messageId, attemptNo, state, reason } of resolved) {
      this.logger.warn('attempt.abandoned', { messageId, attemptNo, state, reason });
    }
    return resolved.length;
  }
}
