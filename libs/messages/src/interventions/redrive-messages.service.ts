import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { Database, newId } from '#persistence';
import { checkSchedule, DEFAULT_TTL_MS } from '../domain/acceptance-policy.js';
import { MessageNotFoundError } from '../reads/reads.errors.js';
import { redrivableStates, whyNotRedriven } from './domain/why-not.js';
import { MessageNotRedrivableError } from './interventions.errors.js';
import { redriveMessages, type RedriveOutcome } from './queries/redrive-messages.query.js';
import { countEnded, type EndedCount, type EndedSelection, selectEnded } from './queries/select-ended.query.js';

/** Who asks for a redrive, and how. */
export interface RedriveWish {
  by: 'api' | 'operator';
  /** Null for the bootstrap key, and for an operator. */
  keyId: string | null;
  /** Also messages that may have arrived. */
  isForced: boolean;
  /** Kept with the message. */
  why: string | null;
  /** Null: its time to live once more. */
  expiresAt: Date | null;
}

/** Messages of one statement and transaction. */
const BATCH = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** T11: has ended messages sent once more, as new attempts of the same messages. */
@Injectable()
export class RedriveMessagesService {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /**
   * Redrives one message of which the caller has made sure that it is theirs.
   * @throws MessageNotFoundError, MessageNotRedrivableError, InvalidScheduleError
   */
  async redriveOne(messageId: string, wish: RedriveWish): Promise<void> {
    const [outcome] = await this.redrive([messageId], wish);
    if (outcome === undefined) throw new MessageNotFoundError();
    if (!outcome.isRedriven)
      throw new MessageNotRedrivableError(
        whyNotRedriven(outcome.state, wish.isForced) ?? 'An attempt of it is still open',
      );
  }

  /** What a redrive by this selection would take, most frequent first. */
  preview(selection: Omit<EndedSelection, 'states'>, states: EndedSelection['states']): Promise<EndedCount[]> {
    return countEnded(this.database, { ...selection, states });
  }

  /**
   * Redrives what a selection holds, at most `limit` messages, oldest first, in batches that commit by themselves.
   * @returns how many were redriven
   */
  async redriveSelected(selection: EndedSelection, wish: RedriveWish, limit: number): Promise<number> {
    let redriven = 0;
    let seen = 0;
    for (let afterId = FIRST_ID; seen < limit;) {
      const ids = await selectEnded(this.database, selection, { afterId, limit: Math.min(BATCH, limit - seen) });
      const last = ids.at(-1);
      if (last === undefined) break;
      redriven += (await this.redrive(ids, wish)).filter(({ isRedriven }) => isRedriven).length;
      seen += ids.length;
      afterId = last;
    }
    return redriven;
  }

  private async redrive(messageIds: string[], wish: RedriveWish): Promise<RedriveOutcome[]> {
    const { by, keyId, isForced, why, expiresAt } = wish;
    checkSchedule(null, expiresAt, new Date());
    const outcomes = await redriveMessages(this.database, {
      messageIds,
      eventIds: messageIds.map(() => newId()),
      states: redrivableStates(isForced),
      expiresAt,
      ttlMs: DEFAULT_TTL_MS,
      by,
      keyId,
      why,
    });
    this.logger.info('messages.redriven', {
      count: outcomes.filter(({ isRedriven }) => isRedriven).length,
      decision: by,
    });
    return outcomes;
  }
}
