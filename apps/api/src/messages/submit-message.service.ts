import { Injectable } from '@nestjs/common';
import { mayUseSender, type Principal } from '#access';
import type { MetaMessage } from '#graph-api';
import { NoteUseService } from '#media';
import { AcceptMessageService, type AcceptedMessage, DEFAULT_TTL_MS } from '#messages';
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
    private readonly mediaUses: NoteUseService,
  ) {}

  /** @throws SenderNotAllowedError, UnknownSenderError, and what AcceptMessageService throws */
  async submit(principal: Principal, input: SendInput, idempotency: Idempotency | undefined): Promise<AcceptedMessage> {
    await this.check(principal, input);
    await this.keepFiles([input]);
    return this.acceptMessage.accept({ ...input, clientId: principal.clientId, idempotency });
  }

  /** @throws SenderNotAllowedError, UnknownSenderError */
  async check(principal: Principal, input: SendInput): Promise<void> {
    // First what the key may do: a key for some senders learns nothing of the others.
    if (!mayUseSender(principal, input.phoneNumberId)) throw new SenderNotAllowedError('from');
    if ((await this.senders.find(input.phoneNumberId)) === null) throw new UnknownSenderError();
  }

  /** Files that messages name are there for as long as these may wait; told before they are accepted, because a file that is gone does not come back. */
  async keepFiles(inputs: readonly SendInput[]): Promise<void> {
    await this.mediaUses.note(
      inputs.map(({ phoneNumberId, message, windowFallback, sendAt, expiresAt }) => ({
        phoneNumberId,
        contents: windowFallback == null ? [message] : [message, windowFallback as MetaMessage],
        until: expiresAt ?? new Date((sendAt?.getTime() ?? Date.now()) + DEFAULT_TTL_MS.other),
      })),
    );
  }
}
