import { Injectable } from '@nestjs/common';
import { mayUseSender, type Principal } from '#access';
import { type Sender, SenderDirectory, type SenderLimits, ViewLimitsService } from '#senders';
import { SenderNotFoundError } from './senders.errors.js';

/** Shows a caller the senders that its key may use. */
@Injectable()
export class ViewSendersService {
  constructor(
    private readonly directory: SenderDirectory,
    private readonly viewLimits: ViewLimitsService,
  ) {}

  /** By phone number id. */
  async list({ senders }: Principal): Promise<Sender[]> {
    return this.directory.list(senders === 'all' ? undefined : senders);
  }

  /** @throws SenderNotFoundError also when there is one that the key may not use */
  async get(principal: Principal, phoneNumberId: string): Promise<Sender> {
    const [sender] = mayUseSender(principal, phoneNumberId) ? await this.directory.list([phoneNumberId]) : [];
    if (sender === undefined) throw new SenderNotFoundError();
    return sender;
  }

  /** @throws SenderNotFoundError as `get` does */
  async limits(principal: Principal, phoneNumberId: string): Promise<SenderLimits> {
    const sender = await this.get(principal, phoneNumberId);
    return this.viewLimits.view(sender.phoneNumberId);
  }
}
