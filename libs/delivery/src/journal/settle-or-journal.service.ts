import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { Logger } from '#observability';
import { databaseErrorKind, newId } from '#persistence';
import type { Settlement } from '../queries/settle-attempts.query.js';
import { SettleAttemptService } from '../settle-attempt.service.js';
import { OutcomeJournal } from './outcome-journal.js';

/** Writes outcomes down whatever happens: in Postgres, or in the journal until Postgres is back (delivery protocol §5). */
@Injectable()
export class SettleOrJournalService {
  private readonly journal: OutcomeJournal;
  /** Outcomes that Postgres has not confirmed yet. */
  private readonly open = new Set<Settlement>();

  constructor(
    private readonly settlements: SettleAttemptService,
    environment: Environment,
    private readonly logger: Logger,
  ) {
    this.journal = new OutcomeJournal(environment.OUTCOME_JOURNAL_DIR);
  }

  /** Durable when it returns, unless neither Postgres nor the disk takes it: then the lease ends the attempt. Never rejects. */
  async settle(settlement: Settlement): Promise<void> {
    this.open.add(settlement);
    try {
      await this.settlements.settle(settlement);
    } catch (error) {
      this.logger.error('attempt.not_settled', nameOf(settlement), error);
      // What the shutdown has journaled meanwhile is not journaled again.
      if (this.open.has(settlement)) await this.write(settlement);
    } finally {
      this.open.delete(settlement);
    }
  }

  /** For the shutdown (§12): whatever waits for Postgres is journaled. One that is settled all the same changes nothing later. */
  async flush(): Promise<void> {
    const waiting = [...this.open];
    this.open.clear();
    await Promise.all(waiting.map((settlement) => this.write(settlement)));
  }

  /** Applies what the journal holds, of this process and of those before it. @returns how many outcomes */
  async replay(): Promise<number> {
    let applied = 0;
    for (const entry of await this.journal.entries()) {
      try {
        // Told now, so that its event is found by whoever reads events in the order of their ids.
        await this.settlements.settle({ ...entry.settlement, eventId: newId() });
        await this.journal.remove(entry);
        applied += 1;
      } catch (error) {
        const kind = databaseErrorKind(error);
        this.logger.error('journal.not_replayed', { ...nameOf(entry.settlement), kind }, error);
        if (kind === 'lost' || kind === 'repeat') break;
        await this.journal.bury(entry);
      }
    }
    if (applied > 0) this.logger.info('journal.replayed', { count: applied });
    return applied;
  }

  private async write(settlement: Settlement): Promise<void> {
    try {
      await this.journal.append(settlement);
      this.logger.warn('attempt.journaled', nameOf(settlement));
    } catch (error) {
      this.logger.error('attempt.not_journaled', nameOf(settlement), error);
    }
  }
}

const nameOf = ({ messageId, attemptNo }: Settlement) => ({ messageId, attemptNo });
