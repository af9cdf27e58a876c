import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { expectStatuses } from './queries/listening.query.js';
import { noteClosings, type WindowClosing } from './queries/note-closings.query.js';

/** How often one process says of a sender that statuses are owed, ms. */
const EXPECT_EVERY_MS = 60_000;

/** What answers of Graph tell of windows. Nothing here rejects: what is not written down is told again by the next answer. */
@Injectable()
export class WindowEvidenceService {
  private readonly expectedAt = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** Meta refused a free-form message for the closed window. */
  async noteClosing(closing: WindowClosing): Promise<void> {
    await noteClosings(this.database, [closing]).catch((error: unknown) =>
      this.logger.warn('window.closing_not_noted', { lane: closing.phoneNumberId }, error),
    );
  }

  /** Meta took a message: it owes us statuses, or its webhooks do not reach us. Does not wait for the database. */
  noteAccepted(phoneNumberId: string, at: Date): void {
    const last = this.expectedAt.get(phoneNumberId);
    if (last !== undefined && at.getTime() - last < EXPECT_EVERY_MS) return;
    this.expectedAt.set(phoneNumberId, at.getTime());
    void expectStatuses(this.database, phoneNumberId, at).catch((error: unknown) => {
      this.expectedAt.delete(phoneNumberId);
      this.logger.warn('window.expectation_not_noted', { lane: phoneNumberId }, error);
    });
  }
}
