import { Injectable } from '@nestjs/common';
import { mayUseSender, type Principal } from '#access';
import { AcceptMessageService, type AcceptedMessage } from '#messages';
import { SenderDirectory, UnknownSenderError } from '#senders';
import { SenderNotAllowedError } from '../senders/senders.errors.js';
import type { Idempotency } from './idempotency-key.decorator.js';
import type { SendInput } from './send-message.dto.js';

/** Takes a message from a caller: only from a sender that exists and that the caller may use. */
@Injectable()
export class SubmitMessageService {
  constructor(
    private readonly senders: SenderDirectory,
    private readonly acceptMessage: AcceptMessageService,
  ) {}

  /** @throws SenderNotAllowedError, UnknownSenderError, and what AcceptMessageService throws */
  async submit(principal: Principal, input: SendInput, idempotency: Idempotency | undefined): Promise<AcceptedMessage> {
    await this.check(principal, input);
    return this.acceptMessage.accept({ ...input, clientId: principal.clientId, idempotency });
  }

  /** @throws SenderNotAllowedError, UnknownSenderError */
  async check(principal: Principal, input: SendInput): Promise<void> {
    // First what the key may do: a key for some senders learns nothing of the others.
    if (!mayUseSender(principal, input.phoneNumberId)) throw new SenderNotAllowedError('from');
    if ((await this.senders.find(input.phoneNumberId)) === null) throw new UnknownSenderError();
  }
}
