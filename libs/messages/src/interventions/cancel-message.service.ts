import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { Database, newId } from '#persistence';
import { MessageNotFoundError } from '../reads/reads.errors.js';
import { whyNotCancelled } from './domain/why-not.js';
import { MessageNotCancellableError } from './interventions.errors.js';
import { cancelMessage } from './queries/cancel-message.query.js';

/** T10: takes a message back that waits to be sent. */
@Injectable()
export class CancelMessageService {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /**
   * Cancels a message of which the caller has made sure that it is theirs. One that is cancelled already stays so.
   * @param keyId the API key that asks; null for the bootstrap key
   * @throws MessageNotFoundError, MessageNotCancellableError
   */
  async cancel(messageId: string, keyId: string | null): Promise<void> {
    const cancel = { messageId, eventId: newId(), keyId };
    const outcome = await this.database.transaction((tx) => cancelMessage(tx, cancel));
    if (outcome === null) throw new MessageNotFoundError();
    if (outcome.isCancelled) return this.logger.info('message.cancelled', { messageId });
    // Also the repetition of a cancel whose answer was lost.
    if (outcome.state === 'cancelled') return;
    throw new MessageNotCancellableError(
      whyNotCancelled(outcome.state, outcome.hasUnprovenAttempt) ?? 'It waits no longer',
    );
  }
}
