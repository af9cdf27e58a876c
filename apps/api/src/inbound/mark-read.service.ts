import { Injectable } from '@nestjs/common';
import { mayUseSender, type Principal } from '#access';
import { KeepReceiptService } from '#delivery';
import { InboundMessageNotFoundError } from '#intake';
import { SenderDirectory, UnknownSenderError } from '#senders';
import { SenderNotAllowedError } from '../senders/senders.errors.js';
import { SenderNeededError } from './inbound.errors.js';

/** Marks a message of a contact as read: by its wamid, also one that never came to Herald if the sender is named. */
@Injectable()
export class MarkReadService {
  constructor(
    private readonly senders: SenderDirectory,
    private readonly receipts: KeepReceiptService,
  ) {}

  /** @throws SenderNotAllowedError, UnknownSenderError, SenderNeededError, InboundMessageNotFoundError */
  async markRead(
    principal: Principal,
    { wamid, from, typing }: { wamid: string; from: string | null; typing: boolean },
  ): Promise<void> {
    if (from !== null && !mayUseSender(principal, from)) throw new SenderNotAllowedError('from');
    const receiver = await this.receipts.senderOf(wamid);
    if (receiver !== null && (!mayUseSender(principal, receiver) || (from !== null && from !== receiver)))
      throw new InboundMessageNotFoundError();
    const phoneNumberId = receiver ?? from;
    if (phoneNumberId === null) throw new SenderNeededError();
    if ((await this.senders.find(phoneNumberId)) === null) throw new UnknownSenderError();
    await this.receipts.keep({ wamid, phoneNumberId, typing });
  }
}
