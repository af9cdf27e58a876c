import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { Logger } from '#observability';
import { Database, type Tx } from '#persistence';
import { markExpired, markExpiring } from './queries/mark-told.query.js';
import { type ConversationEvent, tellClients, type TellableConversation } from './queries/tell-clients.query.js';

/** Conversations of one transaction. */
const LIMIT = 500;

/**
 * Tells clients that conversations end soon, and that they have ended: each once for each end, however many workers look. An end that
 * a message moves on, before or after it was told, is a new one. One that was over when Herald first heard of it only expires.
 */
@Injectable()
export class TellEndsService {
  private readonly leadSeconds: number;

  constructor(
    private readonly database: Database,
    environment: Environment,
    private readonly logger: Logger,
  ) {
    this.leadSeconds = environment.CONVERSATION_EXPIRING_SOON_SECONDS;
  }

  /** Looks at what is due by the database's clock. @returns how many conversations clients were told of */
  async tell(): Promise<number> {
    const expired = await this.tellAll('expired', (tx) => markExpired(tx, LIMIT));
    const expiring =
      this.leadSeconds === 0
        ? 0
        : await this.tellAll('expiring_soon', (tx) => markExpiring(tx, this.leadSeconds, LIMIT));
    if (expired + expiring > 0) this.logger.debug('conversations.told', { count: expired + expiring });
    return expired + expiring;
  }

  private async tellAll(event: ConversationEvent, mark: (tx: Tx) => Promise<TellableConversation[]>): Promise<number> {
    let told = 0;
    for (let found = LIMIT; found === LIMIT; told += found)
      found = await this.database.transaction(async (tx) => {
        const conversations = await mark(tx);
        await tellClients(
          tx,
          conversations.map((conversation) => ({ event, conversation })),
        );
        return conversations.length;
      });
    return told;
  }
}
