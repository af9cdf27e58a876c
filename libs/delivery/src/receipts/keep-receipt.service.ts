import { Injectable } from '@nestjs/common';
import { Logger } from '#observability';
import { Database, type Statement } from '#persistence';
import { findInboundSender, keepReceipt } from './receipt.query.js';

/** Postgres channel on which the API tells workers of a new receipt. */
export const RECEIPT_CHANNEL = 'herald_receipt';

const NOTIFY_RECEIPT: Statement = { name: 'notify-receipt', sql: `SELECT pg_notify('${RECEIPT_CHANNEL}', '')::text` };

/** Keeps read receipts: durable when it returns, sent by a worker at once. */
@Injectable()
export class KeepReceiptService {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** The sender that a message of a contact came to; null when it never came to Herald. */
  async senderOf(wamid: string): Promise<string | null> {
    return findInboundSender(this.database, wamid);
  }

  /** Safe to repeat. The hint after the commit may be lost: workers look by themselves, too. */
  async keep(receipt: { wamid: string; phoneNumberId: string; typing: boolean }): Promise<void> {
    await keepReceipt(this.database, receipt);
    void this.database
      .query(NOTIFY_RECEIPT, [])
      .catch((error: unknown) => this.logger.warn('receipt.not_told', {}, error));
  }
}
