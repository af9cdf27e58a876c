import { Injectable } from '@nestjs/common';
import { mayUseSender, type Principal } from '#access';
import { type Sender, SenderDirectory } from '#senders';
import { SenderNotFoundError } from './senders.errors.js';

/** Shows a caller the senders that its key may use. */
@Injectable()
export class ViewSendersService {
  constructor(private readonly directory: SenderDirectory) {}

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
}
