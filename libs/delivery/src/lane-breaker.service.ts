import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { countOutcome, type LaneCount, signOf } from './domain/lane-breaker.js';
import { closeAlert, openAlert } from './queries/alert.query.js';
import { deleteBreaker, insertBreaker } from './queries/lane-breaker.query.js';

const ALERT = 'lane_breaker_open';
const ADVICE =
  'Requests of this sender get no proper answer: one is tried every few seconds until three in a row are answered. Check the network and Meta’s status page.';

/**
 * Opens the breaker of a lane that gets no proper answers any more, and closes it when it does again. Each process counts what it
 * sees, in memory; an open breaker is a row, which every process goes by.
 */
@Injectable()
export class LaneBreakerService {
  private readonly counts = new Map<string, LaneCount>();

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** Takes note of an outcome. Never rejects. @param isOpen how the breaker stood when the message got its slot */
  async note(
    phoneNumberId: string,
    outcome: { attempt: string; httpStatus: number | null },
    isOpen: boolean,
  ): Promise<void> {
    const { count, step } = countOutcome(
      this.counts.get(phoneNumberId) ?? { bad: 0, good: 0 },
      signOf(outcome),
      isOpen,
    );
    this.counts.set(phoneNumberId, count);
    if (step === null) return;
    try {
      await (step === 'open' ? this.open(phoneNumberId) : this.close(phoneNumberId));
    } catch (error) {
      this.logger.error('breaker.not_changed', { lane: phoneNumberId, decision: step }, error);
    }
  }

  private async open(phoneNumberId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await insertBreaker(tx, phoneNumberId);
      await openAlert(tx, { kind: ALERT, scope: 'sender', scopeId: phoneNumberId, advice: ADVICE });
    });
    this.logger.warn('breaker.opened', { lane: phoneNumberId });
  }

  private async close(phoneNumberId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await deleteBreaker(tx, phoneNumberId);
      await closeAlert(tx, { kind: ALERT, scope: 'sender', scopeId: phoneNumberId });
    });
    this.logger.info('breaker.closed', { lane: phoneNumberId });
  }
}
