import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { Database } from '#persistence';
import { noteStatuses, publishInbox } from './queries/status-channel.query.js';

/** How far Meta's webhooks are known: intake says it, the resolver goes by it (delivery protocol §6). */
@Injectable()
export class StatusChannelService {
  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
  ) {}

  /** Says how far the inbox is applied. To be called again and again, also while nothing arrives. */
  async publishInbox(): Promise<void> {
    await publishInbox(this.database);
  }

  /** Says that statuses of these attempts are applied; after the commit that applied them. */
  async noteStatuses(attempts: { messageId: string; attemptNo: number }[]): Promise<void> {
    if (attempts.length > 0) await noteStatuses(this.database, attempts, this.environment.CHANNEL_SETTLE_MS);
  }
}
