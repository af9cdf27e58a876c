import { Injectable } from '@nestjs/common';
import { mayUseSender, type Principal } from '#access';
import { AddSenderService, type NewSender, type Sender, SenderDirectory } from '#senders';
import { SenderNotAllowedError } from './senders.errors.js';

/** Adds a sender for a caller, if it is one that the caller's key may use. */
@Injectable()
export class AdmitSenderService {
  constructor(
    private readonly addSender: AddSenderService,
    private readonly directory: SenderDirectory,
  ) {}

  /** @throws SenderNotAllowedError also when it would change the account of senders that the key may not use */
  async admit(principal: Principal, sender: NewSender): Promise<Sender> {
    if (!mayUseSender(principal, sender.phoneNumberId)) throw new SenderNotAllowedError('phoneNumberId');
    if (changesAccount(sender) && (await this.sharesAccount(principal, sender.wabaId)))
      throw new SenderNotAllowedError('wabaId');
    return this.addSender.add(sender);
  }

  private async sharesAccount(principal: Principal, wabaId: string): Promise<boolean> {
    const senders = await this.directory.list();
    return senders.some((other) => other.wabaId === wabaId && !mayUseSender(principal, other.phoneNumberId));
  }
}

/** What belongs to the WABA, and so to all senders of it. */
const changesAccount = ({ portfolioId, currency, timezone }: NewSender) =>
  [portfolioId, currency, timezone].some((value) => value !== undefined);
