import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { GraphClient, type ReceiptOutcome } from '#graph-api';
import { Logger } from '#observability';
import { Database, retryUnit } from '#persistence';
import { DecryptionFailedError, SenderDirectory, UnknownEncryptionKeyError, UnknownSenderError } from '#senders';
import { FORGET_AFTER_MS } from '../domain/hold-policy.js';
import { PaceService } from '../pacing/pace.service.js';
import { ourMessageId } from '../targets/domain/message-targets.js';
import { findTargets } from '../targets/queries/find-targets.query.js';
import { isUnderWay } from '../targets/targets.service.js';
import { type ClaimedReceipt, claimReceipts, settleReceipt } from './receipt.query.js';
import { decideReceipt, RECEIPT_LIFE_MS, TYPING_LIFE_MS } from './receipt-policy.js';

/** Receipts of this process under way at once. */
const MAX_IN_FLIGHT = 50;
/** Longer than a slot is waited for and a request takes. */
const LEASE_MS = 45_000;
/** A slot further ahead is left for another try. */
const MOST_WAIT_MS = 5_000;

const UNUSABLE = [UnknownSenderError, UnknownEncryptionKeyError, DecryptionFailedError];

/** Sends read receipts: no messages, so without attempt, fence or event, and as often as it takes within ten minutes. */
@Injectable()
export class SendReceiptsService {
  private readonly underWay = new Set<Promise<void>>();
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly graph: GraphClient,
    private readonly senders: SenderDirectory,
    private readonly pace: PaceService,
    private readonly logger: Logger,
  ) {}

  /** Takes what is due and starts on it; resolves without waiting for Meta. */
  async send(): Promise<void> {
    for (let claimed = 1; claimed > 0 && !this.isStopping && this.underWay.size < MAX_IN_FLIGHT;) {
      const receipts = await claimReceipts(this.database, {
        limit: MAX_IN_FLIGHT - this.underWay.size,
        leaseMs: LEASE_MS,
        lifeMs: RECEIPT_LIFE_MS,
        releasedForMs: FORGET_AFTER_MS,
      });
      claimed = receipts.length;
      for (const receipt of receipts) this.start(receipt, performance.now());
    }
  }

  /** Takes no more. */
  stop(): void {
    this.isStopping = true;
  }

  /** Resolves when what is under way is settled. */
  async idle(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private start(receipt: ClaimedReceipt, claimedAt: number): void {
    const work = this.deliver(receipt, claimedAt)
      .catch((error: unknown) => this.logger.warn('receipt.not_settled', { lane: receipt.phoneNumberId }, error))
      .finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  private async deliver(receipt: ClaimedReceipt, claimedAt: number): Promise<void> {
    const outcome = await this.attempt(receipt, claimedAt);
    const ageMs = receipt.ageMs + performance.now() - claimedAt;
    const step = decideReceipt(outcome, { ageMs, tries: receipt.tries, random: Math.random() });
    await retryUnit(() => settleReceipt(this.database, receipt, step));
    this.logger.info('receipt.tried', {
      lane: receipt.phoneNumberId,
      outcome: outcome.kind,
      code: 'code' in outcome ? outcome.code : null,
      state: step.state,
      durationMs: Math.round(performance.now() - claimedAt),
    });
  }

  private async attempt(receipt: ClaimedReceipt, claimedAt: number): Promise<ReceiptOutcome> {
    const { phoneNumberId, wantsTyping, ageMs } = receipt;
    if (ageMs >= RECEIPT_LIFE_MS) return { kind: 'refused', code: null };
    const waitMs = await this.slot(receipt);
    if (waitMs > MOST_WAIT_MS) return { kind: 'retry', code: null, waitMs };
    await sleep(waitMs);
    const credentials = await this.senders.credentials(phoneNumberId).catch((error: unknown) => {
      if (UNUSABLE.some((kind) => error instanceof kind)) return null;
      throw error;
    });
    const named = credentials === null ? null : await this.nameOf(receipt);
    if (credentials === null || named === null) return { kind: 'refused', code: null };
    if (named === 'later') return { kind: 'retry', code: null, waitMs: 0 };
    const typing = wantsTyping && ageMs + performance.now() - claimedAt < TYPING_LIFE_MS;
    return this.graph.markRead({ phoneNumberId, accessToken: credentials.accessToken, ...named, typing });
  }

  /** The message by Meta's wamid, also where one of ours was named by our id. Null: there is none; 'later': Meta has not got it yet. */
  private async nameOf({ wamid, phoneNumberId }: ClaimedReceipt): Promise<{ wamid: string } | 'later' | null> {
    const id = ourMessageId(wamid);
    if (id === null) return { wamid };
    const [target] = await findTargets(this.database, [id]);
    if (target?.phoneNumberId !== phoneNumberId) return null;
    if (target.wamid !== null) return { wamid: target.wamid };
    return isUnderWay(target) ? 'later' : null;
  }

  /** A receipt takes a slot of its sender, urgently, and no token of its contact. @returns how long to wait for it, ms */
  private async slot({ wamid, phoneNumberId, lane }: ClaimedReceipt): Promise<number> {
    const asMessage = {
      messageId: wamid,
      phoneNumberId,
      recipient: '',
      isFed: true,
      hasPairToken: true,
      isLimited: false,
      lane,
    };
    const { answers, againMs } = await this.pace.reserve([asMessage], 'urgent');
    const [answer] = answers;
    return answer?.kind === 'slot' ? answer.afterMs : Math.max(againMs, MOST_WAIT_MS + 1);
  }
}
