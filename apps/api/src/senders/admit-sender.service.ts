import { Injectable } from '@nestjs/common';
import { mayUseSender, type Principal } from '#access';
import { AddSenderService, type NewSender, type Sender } from '#senders';
import { SenderNotAllowedError } from './senders.errors.js';

/** Adds a sender for a caller, if it is one that the caller's key may use. */
@Injectable()
export class AdmitSenderService {
  constructor(private readonly addSender: AddSenderService) {}

  /** @throws SenderNotAllowedError */
  async admit(principal: Principal, sender: NewSender): Promise<Sender> {
    if (!mayUseSender(principal, sender.phoneNumberId)) throw new SenderNotAllowedError('phoneNumberId');
    return this.addSender.add(sender);
  }
}
