import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { Logger } from '#observability';
import { coalesce, Database, newId, retryUnit } from '#persistence';
import { claimDueMessages, type ClaimedMessage } from './queries/claim-due-messages.query.js';
import { putBackUnclaimed } from './queries/put-back-unclaimed.query.js';

const MAX_JOBS = 64;
const IN_FLIGHT = 2;

/** Takes messages for one attempt each (T1). Jobs that claim together share one statement. */
@Injectable()
export class ClaimMessagesService {
  /** Who holds a lease, for people who look at the table. */
  private readonly leaseOwner = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
  private readonly claimJob = coalesce<readonly string[], ClaimedMessage[]>({
    run: (jobs) => this.claimAll(jobs),
    maxBatch: MAX_JOBS,
    inFlight: IN_FLIGHT,
  });

  private claimedAt: number | null = null;

  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {}

  /** When this process last got a message, ms of `performance.now()`; null: not yet. */
  get lastClaimAt(): number | null {
    return this.claimedAt;
  }

  /** @returns the messages of these that are now the caller's; the others are taken out of the queue, if they still wait. */
  async claim(messageIds: readonly string[]): Promise<ClaimedMessage[]> {
    const claimed = await this.claimJob(messageIds);
    if (claimed.length > 0) this.claimedAt = performance.now();
    const mine = new Set(claimed.map(({ messageId }) => messageId));
    const others = messageIds.filter((id) => !mine.has(id));
    await this.putBack(others);
    return claimed;
  }

  /** Takes messages that nobody claimed out of the queue, for the feeder to find. Never rejects: the re-feed finds them too, later. */
  async putBack(messageIds: readonly string[]): Promise<void> {
    if (messageIds.length === 0) return;
    await putBackUnclaimed(this.database, messageIds).catch((error: unknown) =>
      this.logger.warn('claim.not_put_back', { count: messageIds.length }, error),
    );
  }

  /** Two jobs of one batch may name one message: only the first of them gets it, or both would send it. */
  private async claimAll(jobs: readonly (readonly string[])[]): Promise<ClaimedMessage[][]> {
    const messageIds = [...new Set(jobs.flat())];
    const claim = {
      messageIds,
      eventIds: messageIds.map(() => newId()),
      leaseOwner: this.leaseOwner,
      leaseMs: this.environment.SEND_LEASE_MS,
    };
    const unowned = new Map(
      (await retryUnit(() => claimDueMessages(this.database, claim))).map((message) => [message.messageId, message]),
    );
    return jobs.map((ids) =>
      ids.flatMap((id) => {
        const message = unowned.get(id);
        unowned.delete(id);
        return message === undefined ? [] : [message];
      }),
    );
  }
}
